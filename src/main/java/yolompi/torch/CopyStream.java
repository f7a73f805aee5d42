package yolompi.torch;

import java.util.Optional;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceGuardImplInterface;
import org.bytedeco.pytorch.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Second CUDA stream of a GPU: copies in it run while the first stream computes. */
public final class CopyStream {
    private final DeviceGuardImplInterface streams;
    private final Device device;
    private final Stream copies;

    private CopyStream(Device device) {
        this.streams = torch.getDeviceGuardImpl(device.type());
        this.device = device.retainReference();
        this.copies = streams.getStreamFromGlobalPool(device, false).retainReference();
    }

    /** A stream of the GPU; empty for the CPU. */
    public static Optional<CopyStream> of(DeviceContext device) {
        return device.onGpu() ? Optional.of(new CopyStream(device.device())) : Optional.empty();
    }

    /**
     * Queues the work of this thread on the stream, and waits until the device has finished it.
     * Call it on a thread other than the one that computes.
     *
     * @param work its results are used after {@link #useInStep}
     */
    public <T> T run(Supplier<T> work) {
        Stream before = streams.exchangeStream(copies);
        try {
            T result = work.get();
            streams.synchronizeStream(copies);
            return result;
        } finally {
            streams.exchangeStream(before);
        }
    }

    /**
     * Call on the thread that computes: the memory of the copy is reused only after the work that
     * this thread has queued before freeing the copy.
     */
    public void useInStep(Tensor copy) {
        copy.record_stream(streams.getStream(device));
    }
}
