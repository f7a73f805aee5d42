package yolompi.train.memory;

import yolompi.InputException;
import yolompi.data.sampler.RankShare;
import yolompi.torch.DeviceContext;
import yolompi.train.setup.TrainingPlan;
import yolompi.train.step.DevicePrefetcher;

/**
 * Size of Java's heap compared with the images that the loader keeps on it. It keeps whole steps:
 * the prefetched ones, the current one and, with a GPU, the one that {@link DevicePrefetcher}
 * prepares. Micro-batches do not change this.
 *
 * @param bytes maximum size of the heap
 * @param steps steps kept at once
 * @param imageBytes bytes of an image at the largest input size
 */
public record ImageHeap(long bytes, int steps, long imageBytes) {
    private static final double MIB = 1 << 20;

    /** Returns the heap of this rank. */
    static ImageHeap of(TrainingPlan plan, DeviceContext device) {
        long edge = plan.sizes().largest();
        int steps = (device.onGpu() ? 2 : 1) + plan.recipe().data().prefetchSteps();
        return new ImageHeap(
                Runtime.getRuntime().maxMemory(), (int) Math.min(steps, plan.totalSteps()), 3 * edge * edge);
    }

    /**
     * Checks that Java's heap can hold the images that the loader keeps for this rank.
     *
     * @throws InputException if it can't: the training would fail in its first steps
     */
    public static void check(TrainingPlan plan, DeviceContext device) {
        of(plan, device).check(plan.share());
    }

    /** Returns the maximum number of images that a rank can load for a step. */
    int images() {
        return (int) (Math.min(Integer.MAX_VALUE, usable() / steps) / imageBytes);
    }

    private long usable() {
        return (long) ((1 - MemoryMeter.MARGIN) * bytes);
    }

    /** Returns the bytes of the images that a rank keeps. */
    long kept(RankShare share) {
        return steps * imageBytes * imagesOfStep(share);
    }

    /**
     * Checks that the images of this rank's part of the batch, in all micro-batches, fit on the
     * heap.
     *
     * @throws InputException if they don't
     */
    void check(RankShare share) {
        if (kept(share) > usable()) {
            throw new InputException(
                    ("train.batch: the loader keeps %d steps of %d images per rank, %,.0f MiB, on Java's heap, whose"
                                    + " limit is %,.0f MiB; raise -Xmx, lower train.batch or data.prefetch_steps, or"
                                    + " start more ranks")
                            .formatted(steps, imagesOfStep(share), kept(share) / MIB, bytes / MIB));
        }
    }

    private static long imagesOfStep(RankShare share) {
        return -Math.floorDiv(-share.globalBatch(), share.world());
    }
}
