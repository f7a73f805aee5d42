/**
 * Saved states of a training: one safetensors file each, written atomically and checked when read.
 *
 * <p>{@link yolompi.checkpoint.Checkpoint} is the value: named tensors and metadata. {@link yolompi.checkpoint.Safetensors} puts it into a
 * file; {@link yolompi.checkpoint.CheckpointStore} keeps the files of one run, with {@code last} and {@code best} pointing at two of them.
 * {@link yolompi.checkpoint.CheckpointWriter} does so in the background, from a {@link yolompi.checkpoint.HostCopy} of the tensors.
 * Tensors are bytes here, in native or Java memory; only {@link yolompi.checkpoint.TensorBytes} and the copy know LibTorch.
 */
package yolompi.checkpoint;
