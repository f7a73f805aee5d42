/**
 * Ranks and what they exchange. Start with {@link yolompi.dist.World}, a plain value.
 *
 * <ul>
 *   <li>Metadata: {@link yolompi.dist.Communicator} exchanges it over MPI. With
 *       {@link yolompi.dist.Agreement} all ranks succeed or fail together.
 *   <li>Tensors: {@link yolompi.dist.Backends} creates a {@link yolompi.dist.TensorGroup} over
 *       NCCL, Gloo or MPI. {@link yolompi.dist.GatheredRows} is the all-gather of synchronized
 *       batch norm.
 *   <li>Gradients: {@link yolompi.dist.GradientReducer} all-reduces them during the backward pass.
 *       {@link yolompi.dist.DataParallel} uses several devices in one process, without a launcher.
 *   <li>Watchdog: each rank sets its activity in {@link yolompi.dist.RankStatus}.
 *       {@code RankMonitor} sends it to rank 0 on its own thread, {@code FailureDetector} evaluates
 *       it there, and a {@code Verdict} on a rank that died, hangs or is stopped ends the job.
 * </ul>
 *
 * <p>Only this package imports {@code mpi.*}.
 */
package yolompi.dist;
