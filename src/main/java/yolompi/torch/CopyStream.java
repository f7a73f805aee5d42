package yolompi.torch;

import java.util.Optional;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceGuardImplInterface;
import org.bytedeco.pytorch.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** A GPU's second queue of work (a CUDA stream): copies in it come while the device computes what stands in the first. */
public final class CopyStream {
    private final DeviceGuardImplInterface streams;
    private final Device device;
    private final Stream copies;

    private CopyStream(Device device) {
        this.streams = torch.getDeviceGuardImpl(device.type());
        this.device = device.retainReference();
        this.copies = streams.getStreamFromGlobalPool(device, false).retainReference();
    }

    /** One of the GPU; the CPU has none. */
    public static Optional<CopyStream> of(Compute compute) {
        return compute.onGpu() ? Optional.of(new CopyStream(compute.device())) : Optional.empty();
    }

    /**
     * Queues the work of this thread here, and waits until the device has done it; for another thread than the one that computes.
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

    /** To be called by the thread that computes: from now on the copy's memory, when free, waits for what that thread has queued until then. */
    public void useInStep(Tensor copy) {
        copy.record_stream(streams.getStream(device));
    }
}
