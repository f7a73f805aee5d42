package yolompi.distributed.ddp;

import yolompi.distributed.Communicator;
import yolompi.distributed.collective.ProcessGroup;
import yolompi.ranks.OneProcess;
import yolompi.recipe.DistRecipe.Compression;

@OneProcess
final class NoReducerTest extends GradientReducerContract {
    NoReducerTest() {
        super(GradientReducer.NoReducer.class, Compression.NONE, 1e-6);
    }

    @Override
    public ProcessGroup open(Communicator ranks) {
        return new ProcessGroup.Single(ranks.world());
    }
}
