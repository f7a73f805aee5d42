package yolompi.distributed.ddp;

import yolompi.distributed.Communicator;
import yolompi.distributed.collective.MpiProcessGroup;
import yolompi.distributed.collective.ProcessGroup;
import yolompi.ranks.WorldSizes;
import yolompi.recipe.DistRecipe.Compression;

@WorldSizes({1, 2, 4})
final class BucketReducerTest extends GradientReducerContract {
    BucketReducerTest() {
        super(BucketReducer.class, Compression.NONE, 1e-5);
    }

    @Override
    public ProcessGroup open(Communicator ranks) {
        return MpiProcessGroup.meet(ranks, "mpi");
    }
}
