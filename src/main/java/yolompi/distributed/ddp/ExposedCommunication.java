package yolompi.distributed.ddp;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.VoidTensorHook;
import yolompi.distributed.watchdog.RankStatus;

/**
 * Measures exposed communication: the time that a rank waits for gradients after its own backward
 * pass has ended, and so does not overlap with computation.
 *
 * <p>The gradient of the first parameter is the last one to be computed.
 */
public final class ExposedCommunication implements AutoCloseable {
    private final Tensor firstParameter;
    private final VoidTensorHook hook;
    private final int place;
    private final RankStatus status;
    private boolean computed; // in this step; stays false if no head depends on the parameter
    private long computedNanos;
    private long notedWhenComputed;
    private long totalNanos;

    /**
     * Starts to measure.
     *
     * @param firstParameter first parameter of the forward pass
     * @param status of this rank; it already counts some of the waits
     */
    public ExposedCommunication(Tensor firstParameter, RankStatus status) {
        this.firstParameter = firstParameter;
        this.status = status;
        this.hook = new VoidTensorHook() {
            @Override
            public void call(TensorBase gradient) {
                computed = true;
                computedNanos = System.nanoTime();
                notedWhenComputed = status.waitedNanos();
            }
        };
        this.place = firstParameter.register_hook(hook);
    }

    /** Call when the gradients of all ranks have arrived. */
    public void received() {
        if (computed) {
            totalNanos += System.nanoTime() - computedNanos - (status.waitedNanos() - notedWhenComputed);
        }
        computed = false;
    }

    /**
     * Total in nanoseconds. Excludes {@link RankStatus#waitedNanos}, which does not count the waits
     * inside LibTorch's reducer.
     */
    public long nanos() {
        return totalNanos;
    }

    /**
     * Removes the hook. The parameter may outlive it, and LibTorch's reference does not keep it
     * alive.
     */
    @Override
    public void close() {
        firstParameter.remove_hook(place);
    }
}
