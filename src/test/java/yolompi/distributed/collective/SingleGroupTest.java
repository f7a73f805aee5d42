package yolompi.distributed.collective;

import yolompi.distributed.Communicator;
import yolompi.ranks.OneProcess;

@OneProcess
final class SingleGroupTest extends ProcessGroupContract {
    @Override
    public TensorGroup open(Communicator ranks) {
        return new TensorGroup.Single(ranks.world());
    }
}
