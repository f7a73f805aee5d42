/**
 * One optimizer step: forward, loss and backward of each micro-batch, all-reduce of the gradients
 * during the last backward, then the optimizer.
 *
 * <p>Start with {@link TrainStep#run}. {@link MicroStep} computes the micro-batches on one device.
 * {@link Replicas} spreads them over several devices of one process. {@link DevicePrefetcher}
 * delivers the batches, and {@link DeviceBatches} copies them to a GPU while it still computes the
 * previous step.
 *
 * <p>A step with a non-finite loss or gradient is skipped on all ranks: it changes no weight and no
 * running statistic.
 */
package yolompi.train.step;
