package yolompi.dist;

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
