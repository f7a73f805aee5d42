package yolompi.distributed.ddp;

import yolompi.distributed.Communicator;
import yolompi.distributed.collective.TensorGroup;
import yolompi.distributed.collective.TorchGroup;
import yolompi.ranks.WorldSizes;
import yolompi.recipe.DistRecipe.Compression;

@WorldSizes({1, 2, 4})
final class LibTorchReducerTest extends GradientReducerContract {
    LibTorchReducerTest() {
        super(LibTorchReducer.class, Compression.NONE, 1e-5);
    }

    @Override
    public TensorGroup open(Communicator ranks) {
        return TorchGroup.gloo(ranks, "gloo", 300);
    }
}
