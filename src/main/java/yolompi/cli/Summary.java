package yolompi.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import yolompi.InputException;
import yolompi.anchors.AnchorCheck;
import yolompi.anchors.BoxShapes;
import yolompi.data.sampler.RepeatFactors;
import yolompi.data.shard.ShardSet;
import yolompi.distributed.device.HostResources;
import yolompi.distributed.world.World;
import yolompi.model.Architecture;
import yolompi.recipe.AugmentRecipe;
import yolompi.recipe.Recipe;
import yolompi.report.console.Plural;
import yolompi.torch.DeviceContext;
import yolompi.torch.DeviceContext.GpuMemory;
import yolompi.train.memory.TrainingMemory;
import yolompi.train.setup.TrainingSetup;

/** The text lines that describe a training before its first step. */
final class Summary {
    /** At most this many classes are listed. */
    private static final int BALANCE_CLASSES = 5;

    private Summary() {}

    /** The lines that {@code check} and {@code train} print before the first step. */
    static List<String> lines(TrainingSetup setup) {
        List<String> lines = new ArrayList<>();
        lines.add(ranks(setup));
        lines.add(model(setup));
        precision(setup.device()).ifPresent(line -> lines.add("warning   " + line));
        lines.add(trainingData(setup));
        lines.add(validationData(setup));
        lines.add(batch(setup));
        sizes(setup.recipe()).ifPresent(lines::add);
        mosaic(setup.recipe()).ifPresent(line -> lines.add("augment   " + line));
        lines.addAll(anchors(setup));
        setup.plan()
                .classBalance()
                .ifPresent(balance -> lines.add(
                        "balance   " + balance(balance, setup.data().train().names())));
        lines.addAll(Memory.of(setup).lines());
        return lines;
    }

    private static String ranks(TrainingSetup setup) {
        World world = setup.ranks().world();
        return "world     %s, %d on this host (%s), %s each"
                .formatted(
                        Plural.of(world.size(), "rank"),
                        world.localSize(),
                        world.host(),
                        Plural.of(setup.plan().threads(), "thread"));
    }

    private static String model(TrainingSetup setup) {
        Architecture architecture = setup.architecture();
        int size = setup.recipe().data().size();
        return "model     %s, %,d parameters, %.2f GFLOPs at %d, %s"
                .formatted(
                        architecture.source(),
                        architecture.parameters(),
                        architecture.gigaflops(size),
                        size,
                        setup.device().describe());
    }

    private static String trainingData(TrainingSetup setup) {
        ShardSet shards = setup.data().train();
        return "train     %s: %d images, %d classes, fingerprint %.12s"
                .formatted(
                        setup.recipe().data().train(),
                        shards.size(),
                        shards.names().size(),
                        shards.fingerprint());
    }

    private static String validationData(TrainingSetup setup) {
        return setup.data()
                .val()
                .map(shards -> "val       %s: %d images, fingerprint %.12s"
                        .formatted(setup.recipe().data().val(), shards.size(), shards.fingerprint()))
                .orElse("val       none: no evaluation during training");
    }

    private static String batch(TrainingSetup setup) {
        Recipe recipe = setup.recipe();
        int replicas = recipe.dist().replicas();
        return "batch     %d images per step, at most %d at once on a %s, %s"
                .formatted(
                        recipe.train().batch(),
                        setup.plan().share().largest(),
                        replicas == 1 ? "rank" : "replica (this process has " + replicas + ")",
                        Plural.of(recipe.train().epochs(), "epoch"));
    }

    private static Optional<String> sizes(Recipe recipe) {
        return recipe.data().sizes().isEmpty()
                ? Optional.empty()
                : Optional.of("sizes     %s pixels, changed every %d steps"
                        .formatted(
                                recipe.data().sizes().stream()
                                        .map(String::valueOf)
                                        .collect(Collectors.joining(", ")),
                                recipe.data().resizeEvery()));
    }

    /** A warning about a precision that the device does not speed up; otherwise empty. */
    static Optional<String> precision(DeviceContext device) {
        if (device.onGpu()) {
            return Optional.empty();
        }
        return switch (device.precision()) {
            case FP16 ->
                Optional.of("fp16 is meant for GPUs: most CPUs compute it more slowly than fp32;"
                        + " model.precision = \"auto\" chooses a fast precision");
            case TF32 -> Optional.of("tf32 is meant for GPUs: on CPUs it is fp32");
            case FP32, BF16 -> Optional.empty();
        };
    }

    /**
     * Says in which epochs mosaic and mixup are used: a short training may consist only of the last
     * epochs, which do without them. Empty if both are disabled.
     */
    static Optional<String> mosaic(Recipe recipe) {
        AugmentRecipe augment = recipe.augment();
        if (!augment.composes()) {
            return Optional.empty();
        }
        int epochs = recipe.train().epochs();
        int composing = augment.composingEpochs(epochs);
        String effect = composing > 0
                ? "in the first %d of %d epochs".formatted(composing, epochs)
                : "in no epoch: augment.close_mosaic_epochs = %d disables them in all %d epochs"
                        .formatted(augment.closeMosaicEpochs(), epochs);
        return Optional.of("mosaic %s and mixup %s %s".formatted(augment.mosaic(), augment.mixup(), effect));
    }

    /** Says how well the anchors fit the training boxes; a second line if they fit poorly. */
    private static List<String> anchors(TrainingSetup setup) {
        float[] anchors = AnchorsCommand.sizes(setup.architecture().heads());
        Recipe recipe = setup.recipe();
        BoxShapes shapes = BoxShapes.of(
                setup.data().train(), recipe.data().size(), recipe.augment().minBoxEdge());
        if (shapes.count() == 0 || anchors.length == 0) {
            return List.of();
        }
        AnchorCheck check = AnchorCheck.of(shapes, anchors);
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "anchors   best possible recall %.3f, mean best IoU %.3f (about %.3f is achievable)",
                check.fit().recall(),
                check.fit().meanIou(),
                Math.max(check.reachableIou(), check.fit().meanIou())));
        if (check.isPoor()) {
            lines.add("          poor fit: run 'anchors' with this recipe to find better values for model.anchors");
        }
        return lines;
    }

    /**
     * Says how class balancing changes the sampling of a data set, for the rarest classes that
     * occur and the most common one.
     */
    static String balance(RepeatFactors balance, List<String> names) {
        List<Integer> rarestFirst = IntStream.range(0, names.size())
                .filter(classId -> balance.imagesOf(classId) > 0)
                .boxed()
                .sorted(Comparator.comparing(balance::imagesOf))
                .toList();
        if (rarestFirst.isEmpty()) {
            return "class_balance %s: no image has a box, so an epoch reads each image once"
                    .formatted(balance.strength());
        }
        int skipped = Math.max(0, rarestFirst.size() - BALANCE_CLASSES);
        Stream<Integer> shown = Stream.concat(
                rarestFirst.stream().limit(BALANCE_CLASSES - 1),
                rarestFirst.stream().skip(BALANCE_CLASSES - 1L + skipped));
        return "class_balance %s: readings of an image per epoch by class (images): %s"
                .formatted(
                        balance.strength(),
                        shown.map(classId -> "%s (%d) %.2f"
                                        .formatted(
                                                names.get(classId),
                                                balance.imagesOf(classId),
                                                balance.readingsOf(classId)))
                                .collect(Collectors.joining(", ")));
    }

    /**
     * The memory that a training needs and the memory that is free.
     *
     * @param rankBytes estimate of the bytes that one rank needs
     * @param bytes estimate for all ranks that share the memory: those of this host, or one rank on
     *     a GPU
     * @param freeBytes free bytes of that memory
     * @param place where that memory is, such as {@code on the GPU}
     */
    record Memory(long rankBytes, long bytes, long freeBytes, String place) {
        private static final String REMEDY =
                "lower train.micro_batch, use --auto-batch, or start fewer ranks on this host";
        /**
         * The need is an estimate, so only a need that exceeds the free memory by this factor is an
         * error.
         */
        private static final double HOPELESS = 1.5;

        static Memory of(TrainingSetup setup) {
            long need = TrainingMemory.of(
                            setup.recipe(),
                            setup.architecture(),
                            setup.plan().share().largest(),
                            setup.device().bytesPerValue())
                    .total();
            return setup.device().onGpu()
                    ? new Memory(need, need, new GpuMemory(setup.device().index()).free(), "on the GPU")
                    : new Memory(
                            need,
                            need * setup.ranks().world().localSize(),
                            HostResources.availableMemory(),
                            "on " + setup.ranks().world().host());
        }

        /** The line for the summary; a second one if the memory may not suffice. */
        List<String> lines() {
            List<String> lines =
                    new ArrayList<>(List.of("memory    about %,d MiB per rank".formatted(rankBytes >> 20)));
            if (bytes > freeBytes) {
                lines.add("          but only %,d MiB are free %s, and all ranks there need %,d MiB: %s"
                        .formatted(freeBytes >> 20, place, bytes >> 20, REMEDY));
            }
            return lines;
        }

        /**
         * Checks the need against the free memory.
         *
         * @throws InputException if the kernel would kill the training, and perhaps other processes
         */
        Memory require() {
            if (bytes > HOPELESS * freeBytes) {
                throw new InputException("memory: the training needs about %,d MiB %s, but only %,d MiB are free; %s"
                        .formatted(bytes >> 20, place, freeBytes >> 20, REMEDY));
            }
            return this;
        }
    }
}
