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
    private long computedNanos;
    private long totalNanos;

    /** Watches the first parameter of the forward pass. */
    public ExposedTime(Tensor firstParameter) {
        this.firstParameter = firstParameter;
        this.hook = new VoidTensorHook() {
            @Override
            public void call(TensorBase gradient) {
                computedNanos = System.nanoTime();
            }
        };
        this.place = firstParameter.register_hook(hook);
    }

    /** Call when the gradients of all ranks have come. */
    public void received() {
        totalNanos += System.nanoTime() - computedNanos;
    }

    /** Since the beginning. */
    public long nanos() {
        return totalNanos;
    }

    /** The parameter may live on, and LibTorch's reference would not keep the hook alive. */
    @Override
    public void close() {
        firstParameter.remove_hook(place);
    }
}
