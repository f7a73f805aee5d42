package yolompi.distributed.ddp;

import yolompi.distributed.Communicator;
import yolompi.distributed.collective.ProcessGroup;
import yolompi.distributed.collective.TorchProcessGroup;
import yolompi.ranks.WorldSizes;
import yolompi.recipe.DistRecipe.Compression;

/** bfloat16 keeps eight bits of each gradient, and Gloo rounds each sum again. */
@WorldSizes({1, 2, 4})
final class Bfloat16ReducerTest extends GradientReducerContract {
    Bfloat16ReducerTest() {
        super(BucketReducer.class, Compression.BF16, 2e-2);
    }

    @Override
    public ProcessGroup open(Communicator ranks) {
        return TorchProcessGroup.gloo(ranks, "gloo", 300);
    }
}
