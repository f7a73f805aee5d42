/**
 * Distributed data parallelism: gradients are averaged over all ranks while the backward pass still
 * computes. Read in this order:
 *
 * <ol>
 *   <li>{@link yolompi.distributed.ddp.GradientReducer}: the calls of a step, and the choice of the
 *       implementation.
 *   <li>{@code LibTorchReducer}: LibTorch's own DDP reducer; the default over NCCL and Gloo.
 *   <li>{@code BucketReducer}, with {@code GradientBucket}: the same method
 *       over MPI, and over any backend with 16-bit compression.
 *   <li>{@link yolompi.distributed.ddp.ExposedCommunication}: communication time that does not
 *     overlap with the backward pass.
 * </ol>
 *
 * <p>{@link yolompi.distributed.ddp.DataParallel} is the alternative without a launcher: several
 * devices in one process.
 */
package yolompi.distributed.ddp;
