/**
 * Collectives on tensors. Start with the interface
 * {@link yolompi.distributed.collective.ProcessGroup}: broadcast and all-reduce.
 *
 * <p>{@link yolompi.distributed.collective.ProcessGroups} creates the process group of a job, over
 * the recipe's backend or the first one that works on all ranks:
 *
 * <ul>
 *   <li>{@code TorchProcessGroup}: NCCL between GPUs ({@code NcclBackend} has its settings), or
 *     Gloo over TCP.
 *   <li>{@code MpiProcessGroup}: Open MPI, for interconnects that only MPI supports.
 *   <li>{@code ProcessGroup.Single}: one rank, nothing to exchange.
 * </ul>
 *
 * <p>{@link yolompi.distributed.collective.DifferentiableAllGather} builds a differentiable
 * all-gather on top, for synchronized batch norm. To add a backend, implement {@code ProcessGroup}
 * and add it to {@code ProcessGroups}; {@code ProcessGroupContract} has the tests.
 */
package yolompi.distributed.collective;
