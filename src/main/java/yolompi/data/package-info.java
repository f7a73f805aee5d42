/**
 * The way from annotated images to batches in Java arrays.
 *
 * <p>Training, in every step: read {@link yolompi.data.SampleOrder} first, the endless stream of
 * samples. {@link yolompi.data.EpochPlan} splits the stream into steps and
 * {@link yolompi.data.RankShare} splits a step among ranks and micro-batches.
 * {@link yolompi.data.ShardSet} reads the samples, {@link yolompi.data.Augmenter} turns them into
 * network input, and {@link yolompi.data.BatchLoader} does both ahead of time on its own threads.
 *
 * <p>Packing, once per data set: {@link yolompi.data.Packer} reads annotations
 * ({@link yolompi.data.AnnotationFormat}), checks every image and box, and writes shards.
 * {@code ShardWriter} specifies the file format.
 *
 * <p>Beside this path, {@link yolompi.data.ShapeDataSet} draws a data set, and
 * {@link yolompi.data.AnchorSearch} fits anchors to one.
 *
 * <p>Only the shard classes import HDF5. No class here uses LibTorch.
 */
package yolompi.data;
