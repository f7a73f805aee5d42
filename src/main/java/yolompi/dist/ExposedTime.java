package yolompi.dist;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.VoidTensorHook;

/**
 * How long a rank waits for gradients after its own backward pass has nothing left to compute: the part of the communication that does not
 * overlap with backward. Of all gradients that of the first parameter is the last to be computed.
 */
public final class ExposedTime implements AutoCloseable {
    private final Tensor firstParameter;
    private final VoidTensorHook hook;
    private final int place;
    private final RankStatus status;
    private boolean computed; // in this step: never where no head depends on the parameter
    private long computedNanos;
    private long notedWhenComputed;
    private long totalNanos;

    /**
     * Begins to watch.
     *
     * @param firstParameter of the forward pass
     * @param status of this rank, which knows of some of the waits already
     */
    public ExposedTime(Tensor firstParameter, RankStatus status) {
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

    /** Call when the gradients of all ranks have come. */
    public void received() {
        if (computed) {
            totalNanos += System.nanoTime() - computedNanos - (status.waitedNanos() - notedWhenComputed);
        }
        computed = false;
    }

    /** Since the beginning, without what {@link RankStatus#waitedNanos} has counted: LibTorch's reducer waits by itself. */
    public long nanos() {
        return totalNanos;
    }

    /** The parameter may live on, and LibTorch's reference would not keep the hook alive. */
    @Override
    public void close() {
        firstParameter.remove_hook(place);
    }
}
