package yolompi.distributed.ddp;

import yolompi.distributed.Communicator;
import yolompi.distributed.collective.ProcessGroup;
import yolompi.distributed.collective.TorchProcessGroup;
import yolompi.ranks.WorldSizes;
import yolompi.recipe.DistRecipe.Compression;

@WorldSizes({1, 2, 4})
final class LibTorchReducerTest extends GradientReducerContract {
    LibTorchReducerTest() {
        super(LibTorchReducer.class, Compression.NONE, 1e-5);
    }

    @Override
    public ProcessGroup open(Communicator ranks) {
        return TorchProcessGroup.gloo(ranks, "gloo", 300);
    }
}
