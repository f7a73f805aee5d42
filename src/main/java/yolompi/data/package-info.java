/**
 * From annotated images to batches in Java arrays.
 *
 * <p>Packing, once: {@link yolompi.data.Packer} reads a format
 * ({@link yolompi.data.AnnotationFormat}), checks every image and box, and writes shards; the file
 * format is in {@code ShardWriter}. Training, every step: {@link yolompi.data.SampleOrder} is the
 * stream of samples, {@link yolompi.data.EpochPlan} cuts it into steps and
 * {@link yolompi.data.RankShare} into ranks and micro-batches, {@link yolompi.data.ShardSet} reads
 * it, {@link yolompi.data.Augmenter} turns it into network input, and
 * {@link yolompi.data.BatchLoader} does so ahead of time on its own threads.
 * {@link yolompi.data.ShapeDataSet} draws a data set, {@link yolompi.data.AnchorSearch} fits
 * anchors to one.
 *
 * <p>HDF5 is imported in the shard files alone. Nothing here knows LibTorch.
 */
package yolompi.data;
