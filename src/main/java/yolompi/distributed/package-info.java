/**
 * Ranks of a job, and the metadata that they exchange. Read in this order:
 *
 * <ol>
 *   <li>{@link yolompi.distributed.world.World}: rank, size and host, a plain value.
 *   <li>{@link yolompi.distributed.Communicator}: gathers, broadcasts and sums metadata over MPI. A
 *       single process has a communicator without MPI.
 *   <li>{@link yolompi.distributed.Agreement}: runs a check on every rank, so that all ranks
 *       succeed or fail together.
 *   <li>The inner packages: {@code collective} (tensors), {@code ddp} (gradients), {@code watchdog}
 *       (lost ranks), {@code device} (GPU, precision and CPUs of a rank).
 * </ol>
 *
 * <p>Only this package and its inner packages import {@code mpi.*}.
 */
package yolompi.distributed;
