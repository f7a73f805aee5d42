package yolompi.distributed.collective;

import yolompi.distributed.Communicator;
import yolompi.ranks.WorldSizes;

@WorldSizes({1, 2, 3, 4})
final class GlooGroupTest extends ProcessGroupContract {
    private static final int TIMEOUT_SECONDS = 300;

    @Override
    public ProcessGroup open(Communicator ranks) {
        return TorchProcessGroup.gloo(ranks, "gloo", TIMEOUT_SECONDS);
    }
}
