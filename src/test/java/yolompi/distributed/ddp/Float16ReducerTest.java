package yolompi.distributed.ddp;

import yolompi.distributed.Communicator;
import yolompi.distributed.collective.MpiGroup;
import yolompi.distributed.collective.TensorGroup;
import yolompi.ranks.WorldSizes;
import yolompi.recipe.DistRecipe.Compression;

/** float16 keeps eleven bits of each gradient. */
@WorldSizes({1, 2, 4})
final class Float16ReducerTest extends GradientReducerContract {
    Float16ReducerTest() {
        super(BucketReducer.class, Compression.FP16, 2e-3);
    }

    @Override
    public TensorGroup open(Communicator ranks) {
        return MpiGroup.meet(ranks, "mpi");
    }
}
