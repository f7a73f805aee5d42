package yolompi.distributed.collective;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import yolompi.distributed.world.World;

/**
 * Process group: all ranks of a job, as they exchange tensors.
 *
 * <p>Every method that moves a tensor is collective: all ranks call the same methods in the same
 * order, with tensors of the same shape, dtype and memory layout.
 */
public sealed interface ProcessGroup extends AutoCloseable
        permits ProcessGroup.Single, TorchProcessGroup, MpiProcessGroup {
    /** Handle of an asynchronous collective. */
    interface Pending {
        /** Returns when the tensor holds the result. */
        void await();
    }

    World world();

    /** Name of the backend, and why this one was chosen, for messages. */
    String describe();

    /** Replaces the values with those of rank 0. */
    void broadcast(Tensor tensor);

    /**
     * Starts an all-reduce (sum) in place and returns immediately.
     *
     * @param tensor float32, float16 or bfloat16, dense; do not use it before the collective has
     *     ended
     */
    Pending allReduceSum(Tensor tensor);

    /** All-reduces the mean in place, and waits for it. */
    default void allReduceMean(Tensor tensor) {
        allReduceSum(tensor).await();
        tensor.div_(new Scalar(world().size()));
    }

    @Override
    void close();

    /** Process group of one rank: every collective is a no-op. */
    record Single(World world) implements ProcessGroup {
        @Override
        public String describe() {
            return "none (one rank)";
        }

        @Override
        public void broadcast(Tensor tensor) {}

        @Override
        public Pending allReduceSum(Tensor tensor) {
            return () -> {};
        }

        @Override
        public void close() {}
    }
}
