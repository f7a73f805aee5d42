package yolompi.distributed.ddp;

import yolompi.distributed.Communicator;
import yolompi.distributed.collective.MpiProcessGroup;
import yolompi.distributed.collective.ProcessGroup;
import yolompi.ranks.WorldSizes;
import yolompi.recipe.DistRecipe.Compression;

/** float16 keeps eleven bits of each gradient. */
@WorldSizes({1, 2, 4})
final class Float16ReducerTest extends GradientReducerContract {
    Float16ReducerTest() {
        super(BucketReducer.class, Compression.FP16, 2e-3);
    }

    @Override
    public ProcessGroup open(Communicator ranks) {
        return MpiProcessGroup.meet(ranks, "mpi");
    }
}
