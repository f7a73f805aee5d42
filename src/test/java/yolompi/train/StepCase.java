package yolompi.train;

import java.nio.file.Path;

/**
 * How steps are taken, as a word that a test and its ranks both understand: {@code frozen-8-4}.
 *
 * @param norm what batch norms do: {@code frozen} or {@code free}
 * @param images of a step on all ranks together
 * @param microBatch most images that a rank computes at once
 */
record StepCase(String norm, int images, int microBatch) {
    static StepCase parse(String text) {
        String[] parts = text.split("-", 3);
        return new StepCase(parts[0], Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
    }

    String recipe() {
        return """
                model.frozen_batch_norm = %b
                train.batch = %d
                train.micro_batch = %d
                dist.bucket_mib = 4.0
                dist.timeout_seconds = 60
                """.formatted(norm.equals("frozen"), images, microBatch);
    }

    Path gradientFile(Path folder) {
        return folder.resolve(this + ".safetensors");
    }

    @Override
    public String toString() {
        return norm + "-" + images + "-" + microBatch;
    }
}
