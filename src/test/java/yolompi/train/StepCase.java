package yolompi.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import yolompi.data.PackedShapes;
import yolompi.model.Architecture;

/**
 * How steps are taken, as a word that a test and its ranks both understand: {@code frozen-8-2}, {@code synced-8-1-mpi-bf16}.
 *
 * @param norm what batch norms do: {@code frozen}, {@code free} or {@code synced} over all ranks
 * @param images of a step on all ranks together
 * @param pieces micro-batches of the step
 * @param more any of {@code mpi}, {@code gloo}, {@code nccl}, {@code fp16}, {@code bf16} (on the way), {@code clip}, {@code unused} (a
 *     layer that no head needs), {@code backbone} or {@code first} (layers frozen at first), {@code half} (arithmetic in fp16), {@code gpu} (which ranks may share)
 */
record StepCase(String norm, int images, int pieces, List<String> more) {
    private static final String UNUSED = """
            [net]
            [convolutional]
            batch_normalize=1
            filters=8
            size=3
            stride=2
            pad=1
            activation=leaky
            [convolutional]
            batch_normalize=1
            filters=4
            size=1
            stride=1
            pad=1
            activation=leaky
            [route]
            layers=-2
            [convolutional]
            filters=24
            size=1
            stride=1
            pad=1
            activation=linear
            [yolo]
            mask=0,1,2
            anchors=10,14, 23,27, 37,58
            classes=3
            num=3
            """;

    static StepCase parse(String text) {
        List<String> parts = List.of(text.split("-", -1));
        return new StepCase(
                parts.get(0),
                Integer.parseInt(parts.get(1)),
                Integer.parseInt(parts.get(2)),
                parts.subList(3, parts.size()));
    }

    String recipe() {
        List<String> lines = new ArrayList<>(List.of(
                "model.frozen_batch_norm = " + norm.equals("frozen"),
                "model.sync_batch_norm = " + norm.equals("synced"),
                "train.batch = " + images,
                "model.device = " + (more.contains("gpu") ? "\"gpu\"" : "\"cpu\""),
                "dist.bucket_mib = 0.02",
                "dist.timeout_seconds = 60"));
        more.forEach(word -> lines.add(
                switch (word) {
                    case "mpi", "gloo", "nccl" -> "dist.backend = \"" + word + "\"";
                    case "fp16", "bf16" -> "dist.compression = \"" + word + "\"";
                    case "unused" -> "dist.find_unused_parameters = true";
                    case "half" -> "model.precision = \"fp16\"";
                    case "gpu" -> "dist.share_gpus = true";
                    case "backbone" -> "model.freeze = \"backbone\"";
                    case "first" -> "model.freeze = \"0\"";
                    case "clip" -> "optimizer.clip_norm = 0.5";
                    default -> throw new IllegalArgumentException(word);
                }));
        return String.join("\n", lines);
    }

    /** The layers of yolov3-tiny, or a small network whose second layer leads nowhere. */
    Architecture architecture(int classes) {
        return more.contains("unused")
                ? Architecture.parse("unused.cfg", UNUSED, List.of(), classes)
                : Architecture.read(PackedShapes.SLIM_TINY, List.of(), classes);
    }

    /** Whether layers are frozen at first. */
    boolean freezes() {
        return more.contains("backbone") || more.contains("first");
    }

    Path gradientFile(Path folder) {
        return folder.resolve(this + ".safetensors");
    }

    @Override
    public String toString() {
        String words = more.isEmpty() ? "" : "-" + String.join("-", more);
        return norm + "-" + images + "-" + pieces + words;
    }
}
