package yolompi.distributed.collective;

import yolompi.distributed.Communicator;
import yolompi.ranks.WorldSizes;

@WorldSizes({1, 2, 3, 4})
final class MpiGroupTest extends ProcessGroupContract {
    @Override
    public TensorGroup open(Communicator ranks) {
        return MpiGroup.meet(ranks, "mpi");
    }
}
