package yolompi.distributed.ddp;

import yolompi.distributed.Communicator;
import yolompi.distributed.collective.TensorGroup;
import yolompi.ranks.OneProcess;
import yolompi.recipe.DistRecipe.Compression;

@OneProcess
final class NoReducerTest extends GradientReducerContract {
    NoReducerTest() {
        super(GradientReducer.NoReducer.class, Compression.NONE, 1e-6);
    }

    @Override
    public TensorGroup open(Communicator ranks) {
        return new TensorGroup.Single(ranks.world());
    }
}
