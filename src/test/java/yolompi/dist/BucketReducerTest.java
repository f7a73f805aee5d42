package yolompi.dist;

import yolompi.recipe.DistRecipe.Compression;

@WorldSizes({1, 2, 4})
final class BucketReducerTest extends GradientReducerContract {
    BucketReducerTest() {
        super(BucketReducer.class, Compression.NONE, 1e-5);
    }

    @Override
    public TensorGroup open(Communicator ranks) {
        return MpiGroup.meet(ranks, "mpi");
    }
}
