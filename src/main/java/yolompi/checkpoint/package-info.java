/**
 * Checkpoints of a training: one safetensors file each, written atomically and verified when read.
 *
 * <p>{@link yolompi.checkpoint.Checkpoint} is the value: named tensors and metadata.
 * {@link yolompi.checkpoint.Safetensors} writes and reads it as a file. {@link
 * yolompi.checkpoint.CheckpointStore} manages the files of one run; its {@code last} and
 * {@code best} point at two of them. {@link yolompi.checkpoint.CheckpointWriter} saves in the
 * background, from a {@link yolompi.checkpoint.TensorBytes.HostCopy} of the tensors.
 * {@link yolompi.checkpoint.TrainState} is the progress of a training that the metadata holds.
 *
 * <p>In this package tensors are bytes, in native or Java memory. Only
 * {@link yolompi.checkpoint.TensorBytes} uses LibTorch.
 */
package yolompi.checkpoint;
