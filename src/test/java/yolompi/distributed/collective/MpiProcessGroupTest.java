package yolompi.distributed.collective;

import yolompi.distributed.Communicator;
import yolompi.ranks.WorldSizes;

@WorldSizes({1, 2, 3, 4})
final class MpiProcessGroupTest extends ProcessGroupContract {
    @Override
    public ProcessGroup open(Communicator ranks) {
        return MpiProcessGroup.meet(ranks, "mpi");
    }
}
