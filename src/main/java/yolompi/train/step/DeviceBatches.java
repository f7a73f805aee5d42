package yolompi.train.step;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;
import yolompi.data.Batch;
import yolompi.model.Network;
import yolompi.model.YoloHead;
import yolompi.model.loss.TargetAssignment;
import yolompi.model.loss.TargetTensors;
import yolompi.torch.CopyStream;
import yolompi.torch.DeviceContext;

/**
 * Copies batches of the next step, with their targets assigned, to a GPU while it computes the
 * current step. On the CPU nothing is prepared in advance, because all cores compute the step.
 */
final class DeviceBatches {
    private final DeviceContext device;
    private final List<YoloHead> heads;
    private final double anchorIou;
    private final Optional<CopyStream> copies;
    private final Map<Batch, DeviceBatch> staged = Collections.synchronizedMap(new IdentityHashMap<>());

    /**
     * A batch ready to copy to the device, or already there.
     *
     * @param pixels uint8 {@code [N,S,S,3]}
     */
    record DeviceBatch(Tensor pixels, TargetTensors targets) implements AutoCloseable {
        private DeviceBatch moved(UnaryOperator<Tensor> move) {
            DeviceBatch moved = new DeviceBatch(move.apply(pixels), targets.moved(move));
            pixels.close();
            return moved;
        }

        @Override
        public void close() {
            pixels.close();
            targets.close();
        }
    }

    /**
     * Creates batches for one device.
     *
     * @param heads heads that the boxes are assigned to
     * @param anchorIou see {@link TargetAssignment#assign}
     */
    DeviceBatches(DeviceContext device, List<YoloHead> heads, double anchorIou) {
        this.device = device;
        this.heads = heads;
        this.anchorIou = anchorIou;
        this.copies = CopyStream.of(device);
    }

    /**
     * Copies a batch of the next step to the device; on another thread than the one that computes.
     */
    void stage(Batch batch) {
        // LibTorch keeps copied host memory until the GPU has read it.
        copies.ifPresent(
                stream -> staged.put(batch, stream.run(() -> prepare(batch).moved(device::toDevice))));
    }

    /**
     * Returns the copied batch, or prepares it now. Close it after its use has been queued on the
     * device.
     */
    DeviceBatch take(Batch batch) {
        Optional<DeviceBatch> ahead = Optional.ofNullable(staged.remove(batch));
        copies.ifPresent(stream -> ahead.ifPresent(there -> {
            stream.useInStep(there.pixels());
            there.targets().tensors().forEach(stream::useInStep);
        }));
        return ahead.orElseGet(() -> prepare(batch));
    }

    /** Frees batches of a step that is not run. */
    void clear() {
        staged.values().forEach(DeviceBatch::close);
        staged.clear();
    }

    private DeviceBatch prepare(Batch batch) {
        TargetAssignment targets =
                TargetAssignment.assign(heads, batch.boxes(), batch.imageCount(), batch.size(), anchorIou);
        TargetTensors tensors = TargetTensors.of(targets);
        return new DeviceBatch(
                Network.inMemory(batch.images(), batch.imageCount(), batch.size(), device),
                device.onGpu() ? tensors.moved(Tensor::pin_memory) : tensors);
    }
}
