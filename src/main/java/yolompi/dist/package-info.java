/**
 * Ranks and what they exchange. Start with {@link yolompi.dist.World}, a plain value.
 *
 * <p>Metadata: {@link yolompi.dist.Communicator} carries it over MPI (or nothing, where there is one process), and
 * {@link yolompi.dist.Agreement} makes all ranks succeed or fail together. Tensors: {@link yolompi.dist.Backends} finds a
 * {@link yolompi.dist.TensorGroup} that works (NCCL, Gloo, MPI), {@link yolompi.dist.GradientReducer} sums gradients over it during the
 * backward pass, {@link yolompi.dist.GatheredRows} is what synchronised batch norm needs, and {@link yolompi.dist.DataParallel} does without
 * a launcher.
 *
 * <p>Watching: each rank says in {@link yolompi.dist.RankStatus} what it does; {@code RankMonitor} sends that to
 * rank 0 by a thread of its own, {@code FailureDetector} keeps what was heard there, and a {@code Verdict} on who died,
 * hangs or stands still ends the job. {@code mpi.*} is imported here alone.
 */
package yolompi.dist;
