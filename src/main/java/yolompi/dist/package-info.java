/**
 * Ranks and what they exchange. Start with {@link yolompi.dist.World}, a plain value; {@link yolompi.dist.Communicator} carries metadata over
 * MPI (or nothing, where there is one process); {@link yolompi.dist.GradientGroup} and {@link yolompi.dist.Ddp} carry tensors through
 * LibTorch. {@code mpi.*} is imported here alone.
 */
package yolompi.dist;
