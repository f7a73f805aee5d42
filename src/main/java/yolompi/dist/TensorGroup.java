package yolompi.dist;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * All ranks of a job as they exchange tensors. Every method that moves a tensor is collective: all ranks call the same ones in the same
 * order, with tensors of the same shape, dtype and memory layout.
 */
public sealed interface TensorGroup extends AutoCloseable permits SingleGroup, TorchGroup, MpiGroup {
    /** An exchange under way. */
    interface Pending {
        /** Returns when the tensor holds the result. */
        void await();
    }

    World world();

    /** What carries the tensors, and why that, in words. */
    String describe();

    /** Gives every rank rank 0's values. */
    void broadcast(Tensor tensor);

    /**
     * Replaces the values by their sums over all ranks, while the caller goes on.
     *
     * @param tensor float32, float16 or bfloat16, in memory without gaps; not to be touched before the exchange has ended
     */
    Pending sum(Tensor tensor);

    /** Replaces the values by their means over all ranks. */
    default void average(Tensor tensor) {
        sum(tensor).await();
        tensor.div_(new Scalar(world().size()));
    }

    @Override
    void close();
}
