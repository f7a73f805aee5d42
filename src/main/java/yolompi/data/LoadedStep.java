package yolompi.data;

import java.util.List;

/**
 * What one rank trains on in one step.
 *
 * @param step from 0
 * @param batches micro-batches in order, whose gradients are added up; as many on every rank
 */
public record LoadedStep(long step, List<Batch> batches) {
    public int imageCount() {
        return batches.stream().mapToInt(Batch::imageCount).sum();
    }
}
