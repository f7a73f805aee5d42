package yolompi.train.step;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import yolompi.data.Batch;
import yolompi.distributed.ddp.GradientReducer;
import yolompi.model.FrozenLayers;
import yolompi.train.step.DeviceBatches.DeviceBatch;

/**
 * What computes the gradients of a step on this rank: one device, {@link MicroStep}, or without a
 * launcher several devices of one process, {@link Replicas}.
 */
sealed interface StepDevices extends AutoCloseable permits MicroStep, Replicas {
    /**
     * Freezes these layers and no others, and gives every other parameter a gradient of zero. Do
     * not call it within a pointer scope, which would free the gradients.
     */
    void freeze(FrozenLayers layers);

    /** Sets all gradients to zero. */
    void clearGradients();

    /**
     * Adds the gradients of the micro-batches to those of the first device: forward, loss and
     * backward of each. The reducer all-reduces the gradients during the last backward.
     *
     * @param batches are closed
     * @param divisor divisor of the averaging rule
     * @param factor factor on the loss before backward
     * @return for each micro-batch its part of the loss and of its three terms, float64 {@code [4]}
     *     on its device; in no scope, so the caller must close it
     */
    List<Tensor> backward(List<DeviceBatch> batches, double divisor, double factor, GradientReducer reducer);

    /** Prepares a future micro-batch on its device; callable from any thread. */
    void stage(Batch batch);

    @Override
    void close();
}
