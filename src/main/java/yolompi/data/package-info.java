/**
 * The values that travel from shards to the training step. Read {@link yolompi.data.Sample} first:
 * one record of a shard. {@link yolompi.data.SampleRef} is one reading of it (epoch, index,
 * repeat), and {@link yolompi.data.SampleSource} gives access by index.
 * {@link yolompi.data.Batch} is a micro-batch in Java arrays, and
 * {@link yolompi.data.StepBatches} holds the micro-batches of one rank in one step.
 *
 * <p>Then follow a sample: {@code data.sampler} decides who reads it and when, {@code data.shard}
 * reads it, {@code data.augment} decodes and augments it, and {@code data.loader} does this ahead
 * of time on its own threads. No class here uses LibTorch.
 */
package yolompi.data;
