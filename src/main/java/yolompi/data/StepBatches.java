package yolompi.data;

import java.util.List;

/**
 * The data of one rank for one training step.
 *
 * @param step from 0
 * @param batches micro-batches in order; their gradients are accumulated. Every rank has the same
 *     number
 */
public record StepBatches(long step, List<Batch> batches) {
    public int imageCount() {
        return batches.stream().mapToInt(Batch::imageCount).sum();
    }
}
