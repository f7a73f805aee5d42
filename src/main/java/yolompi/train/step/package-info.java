/**
 * One optimizer step: forward, loss and backward of each micro-batch, all-reduce of the gradients
 * during the last backward, then the optimizer.
 *
 * <p>Start with {@link TrainStep#run}. {@link MicroStep} computes one micro-batch on one device.
 * {@link TrainedLayers} holds what a step changes; it is created again when layers are unfrozen.
 * {@link StepFeed} delivers the batches, and {@link StagedBatches} copies them to a GPU while it
 * still computes the previous step.
 *
 * <p>A step with a non-finite loss or gradient is skipped on all ranks: it changes no weight and no
 * running statistic.
 */
package yolompi.train.step;
