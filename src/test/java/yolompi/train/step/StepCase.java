package yolompi.train.step;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import yolompi.data.PackedShapes;
import yolompi.model.Architecture;
import yolompi.model.darknet.ArchitectureReader;
import yolompi.recipe.DistRecipe.Backend;
import yolompi.recipe.DistRecipe.Compression;

/**
 * How to run steps: {@code StepCase.of(SYNCED, 8).microBatches(2).backend(MPI).with(CLIPPED)}. A
 * test passes it to its ranks as {@link #text()}.
 *
 * @param images images of a step on all ranks together
 * @param microBatches micro-batches of a step
 */
record StepCase(
        BatchNorm batchNorm,
        int images,
        int microBatches,
        Backend backend,
        Compression compression,
        Set<Option> options) {
    /** The statistics that batch norms use. */
    enum BatchNorm {
        /** The running statistics. */
        FROZEN,
        /**
         * Statistics of the images of each rank. Only these make gradients depend on the number of
         * ranks.
         */
        LOCAL,
        /** Statistics of the images of all ranks. */
        SYNCED
    }

    /** A deviation from the default step. */
    enum Option {
        /** The norm of the gradients is limited. */
        CLIPPED("optimizer.clip_norm = 0.5"),
        /** The network has a layer that no head needs. */
        UNUSED_LAYER("dist.find_unused_parameters = true"),
        FROZEN_BACKBONE("model.freeze = \"backbone\""),
        FROZEN_FIRST_LAYER("model.freeze = \"0\""),
        /** Ranks compute on GPUs, which they may share. */
        ON_GPU("dist.share_gpus = true");

        private final String recipe;

        Option(String recipe) {
            this.recipe = recipe;
        }
    }

    /** One micro-batch, uncompressed gradients, the default backend. */
    static StepCase of(BatchNorm batchNorm, int images) {
        return new StepCase(batchNorm, images, 1, Backend.AUTO, Compression.NONE, Set.of());
    }

    StepCase microBatches(int count) {
        return new StepCase(batchNorm, images, count, backend, compression, options);
    }

    StepCase backend(Backend other) {
        return new StepCase(batchNorm, images, microBatches, other, compression, options);
    }

    StepCase compression(Compression other) {
        return new StepCase(batchNorm, images, microBatches, backend, other, options);
    }

    /** Adds options to those it has. */
    StepCase with(Option first, Option... more) {
        Set<Option> all = EnumSet.of(first, more);
        all.addAll(options);
        return new StepCase(batchNorm, images, microBatches, backend, compression, all);
    }

    boolean has(Option option) {
        return options.contains(option);
    }

    /** Whether layers are frozen at first. */
    boolean freezes() {
        return has(Option.FROZEN_BACKBONE) || has(Option.FROZEN_FIRST_LAYER);
    }

    /** Whether ranks exchange rounded gradients. */
    boolean isCompressed() {
        return compression != Compression.NONE;
    }

    String recipe() {
        List<String> lines = new ArrayList<>(List.of(
                "model.frozen_batch_norm = " + (batchNorm == BatchNorm.FROZEN),
                "model.sync_batch_norm = " + (batchNorm == BatchNorm.SYNCED),
                "model.device = " + (has(Option.ON_GPU) ? "\"gpu\"" : "\"cpu\""),
                "train.batch = " + images,
                "dist.backend = \"" + lowerCase(backend) + "\"",
                "dist.compression = \"" + lowerCase(compression) + "\"",
                "dist.bucket_mib = 0.02",
                "dist.timeout_seconds = 300"));
        options.forEach(option -> lines.add(option.recipe));
        return String.join("\n", lines);
    }

    /** The layers of yolov3-tiny with few filters, or the small network with an unused layer. */
    Architecture architecture(int classes) {
        String cfg = has(Option.UNUSED_LAYER) ? PackedShapes.UNUSED_LAYER : PackedShapes.SLIM_TINY;
        return ArchitectureReader.read(cfg, List.of(), classes);
    }

    Path gradientFile(Path folder) {
        return folder.resolve(this + ".safetensors");
    }

    /** One word that {@link #parse} reads. */
    String text() {
        List<String> words = new ArrayList<>(List.of(
                batchNorm.name(),
                Integer.toString(images),
                Integer.toString(microBatches),
                backend.name(),
                compression.name()));
        new TreeSet<>(options).forEach(option -> words.add(option.name()));
        return String.join(":", words);
    }

    static StepCase parse(String text) {
        List<String> words = Arrays.asList(text.split(":", -1));
        Set<Option> options = EnumSet.noneOf(Option.class);
        words.subList(5, words.size()).forEach(word -> options.add(Option.valueOf(word)));
        return new StepCase(
                BatchNorm.valueOf(words.get(0)),
                Integer.parseInt(words.get(1)),
                Integer.parseInt(words.get(2)),
                Backend.valueOf(words.get(3)),
                Compression.valueOf(words.get(4)),
                options);
    }

    /**
     * Name in tests and files. It lists the deviations from the default, such as
     * {@code synced, 8 images, mpi, clipped}.
     */
    @Override
    public String toString() {
        List<String> words = new ArrayList<>(List.of(lowerCase(batchNorm), images + " images"));
        if (microBatches > 1) {
            words.add(microBatches + " micro-batches");
        }
        if (backend != Backend.AUTO) {
            words.add(lowerCase(backend));
        }
        if (isCompressed()) {
            words.add(lowerCase(compression));
        }
        new TreeSet<>(options).forEach(option -> words.add(lowerCase(option).replace('_', ' ')));
        return String.join(", ", words);
    }

    private static String lowerCase(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
