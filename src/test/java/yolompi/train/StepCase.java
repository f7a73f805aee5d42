package yolompi.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How steps are taken, as a word that a test and its ranks both understand: {@code frozen-8-2}, {@code synced-8-1-mpi-bf16}.
 *
 * @param norm what batch norms do: {@code frozen}, {@code free} or {@code synced} over all ranks
 * @param images of a step on all ranks together
 * @param pieces micro-batches of the step
 * @param more any of {@code mpi}, {@code gloo}, {@code nccl}, {@code fp16}, {@code bf16} (on the way), {@code replicas}, {@code clip},
 *     {@code half} (arithmetic in fp16), {@code gpu} (which ranks may share)
 */
record StepCase(String norm, int images, int pieces, List<String> more) {
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
                "dist.bucket_mib = 4.0",
                "dist.timeout_seconds = 60"));
        more.forEach(word -> lines.add(
                switch (word) {
                    case "mpi", "gloo", "nccl" -> "dist.backend = \"" + word + "\"";
                    case "fp16", "bf16" -> "dist.compression = \"" + word + "\"";
                    case "replicas" -> "dist.replicas = 2";
                    case "half" -> "model.precision = \"fp16\"";
                    case "gpu" -> "dist.share_gpus = true";
                    case "clip" -> "optimizer.clip_norm = 0.5";
                    default -> throw new IllegalArgumentException(word);
                }));
        return String.join("\n", lines);
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
