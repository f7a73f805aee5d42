package yolompi.train;

import yolompi.InputException;
import yolompi.data.RankShare;

/**
 * Java's heap, on which the loader keeps whole steps of images: those that it is ahead, the one that is trained, and
 * where a GPU trains the one that {@link StepFeed} prepares. Micro-batches change nothing about it.
 *
 * @param bytes that the heap may grow to
 * @param steps kept at once
 * @param imageBytes of the largest input
 */
record ImageHeap(long bytes, int steps, long imageBytes) {
    private static final double MIB = 1 << 20;

    /** That of this rank. */
    static ImageHeap of(TrainingSetup setup) {
        long edge = setup.sizes().largest();
        int steps = (setup.compute().onGpu() ? 2 : 1) + setup.recipe().data().prefetchSteps();
        return new ImageHeap(
                Runtime.getRuntime().maxMemory(), (int) Math.min(steps, setup.totalSteps()), 3 * edge * edge);
    }

    /** The most images that a rank can load for a step. */
    int images() {
        return (int) (Math.min(Integer.MAX_VALUE, usable() / steps) / imageBytes);
    }

    private long usable() {
        return (long) ((1 - MemoryMeter.MARGIN) * bytes);
    }

    /** Bytes of the images that a rank keeps. */
    long kept(RankShare share) {
        return steps * imageBytes * imagesOfStep(share);
    }

    /** @throws InputException where a rank's part of the batch, in all its pieces, is more than the heap holds */
    void check(RankShare share) {
        if (kept(share) > usable()) {
            throw new InputException(
                    ("train.batch: the loader keeps %d steps of %d images per rank, %,.0f MiB, on Java's heap, whose limit is"
                                    + " %,.0f MiB; raise -Xmx, lower train.batch or data.prefetch_steps, or start more ranks")
                            .formatted(steps, imagesOfStep(share), kept(share) / MIB, bytes / MIB));
        }
    }

    private static long imagesOfStep(RankShare share) {
        return -Math.floorDiv(-share.globalBatch(), share.world());
    }
}
