/**
 * Saved states of a training: one safetensors file each, written atomically and checked when read.
 *
 * <p>{@link yolompi.checkpoint.Checkpoint} is the value: named tensors and metadata. {@link yolompi.checkpoint.Safetensors} puts it into a
 * file; {@link yolompi.checkpoint.CheckpointStore} keeps the files of one run, with {@code last} and {@code best} pointing at two of them.
 * Tensors are bytes here, in native or Java memory;
 * {@link yolompi.checkpoint.TensorBytes} alone knows LibTorch.
 */
package yolompi.checkpoint;
