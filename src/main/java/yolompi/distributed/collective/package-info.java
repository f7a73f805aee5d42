/**
 * Collectives on tensors. Start with the interface
 * {@link yolompi.distributed.collective.TensorGroup}: broadcast and all-reduce.
 *
 * <p>{@link yolompi.distributed.collective.Backends} creates the process group of a job, over the
 * recipe's backend or the first one that works on all ranks:
 *
 * <ul>
 *   <li>{@code TorchGroup}: NCCL between GPUs ({@code NcclBackend} has its settings), or Gloo over
 *       TCP.
 *   <li>{@code MpiGroup}: Open MPI, for interconnects that only MPI supports.
 *   <li>{@code TensorGroup.Single}: one rank, nothing to exchange.
 * </ul>
 *
 * <p>{@link yolompi.distributed.collective.GatheredRows} builds a differentiable all-gather on top,
 * for synchronized batch norm. To add a backend, implement {@code TensorGroup} and add it to
 * {@code Backends}; {@code ProcessGroupContract} has the tests.
 */
package yolompi.distributed.collective;
