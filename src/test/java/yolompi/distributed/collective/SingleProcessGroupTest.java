package yolompi.distributed.collective;

import yolompi.distributed.Communicator;
import yolompi.ranks.OneProcess;

@OneProcess
final class SingleProcessGroupTest extends ProcessGroupContract {
    @Override
    public ProcessGroup open(Communicator ranks) {
        return new ProcessGroup.Single(ranks.world());
    }
}
