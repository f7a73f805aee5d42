package yolompi.train;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import yolompi.data.Batch;
import yolompi.model.Images;
import yolompi.model.TargetTensors;
import yolompi.model.Targets;
import yolompi.model.YoloHead;
import yolompi.torch.Compute;

/**
 * Batches of the coming step, with their targets assigned, in memory that a GPU reads by itself: to get them there takes a while, in which another
 * thread may compute. On the CPU nothing is done ahead: there all cores compute the step.
 */
final class StagedBatches {
    private final Compute compute;
    private final List<YoloHead> heads;
    private final double anchorIou;
    private final Map<Batch, StagedBatch> staged = Collections.synchronizedMap(new IdentityHashMap<>());

    /**
     * A batch on the host, ready for the device.
     *
     * @param pixels uint8 {@code [N,S,S,3]}
     */
    record StagedBatch(Tensor pixels, TargetTensors targets) implements AutoCloseable {
        @Override
        public void close() {
            pixels.close();
            targets.close();
        }
    }

    /**
     * Batches for one device.
     *
     * @param heads that their boxes are assigned to
     * @param anchorIou see {@link Targets#assign}
     */
    StagedBatches(Compute compute, List<YoloHead> heads, double anchorIou) {
        this.compute = compute;
        this.heads = heads;
        this.anchorIou = anchorIou;
    }

    /** Prepares a batch of the next step; on any thread. */
    void stage(Batch batch) {
        if (compute.onGpu()) {
            staged.put(batch, prepare(batch));
        }
    }

    /** What was prepared, or is now; to be closed when the device has been told to copy it. */
    StagedBatch take(Batch batch) {
        return Optional.ofNullable(staged.remove(batch)).orElseGet(() -> prepare(batch));
    }

    /** Frees what was staged for a step that is not taken. */
    void clear() {
        staged.values().forEach(StagedBatch::close);
        staged.clear();
    }

    private StagedBatch prepare(Batch batch) {
        Targets targets = Targets.assign(heads, batch.boxes(), batch.imageCount(), batch.size(), anchorIou);
        TargetTensors tensors = TargetTensors.of(targets);
        return new StagedBatch(
                Images.inMemory(batch.images(), batch.imageCount(), batch.size(), compute),
                compute.onGpu() ? tensors.pinned() : tensors);
    }
}
