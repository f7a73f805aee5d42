package yolompi.distributed.ddp;

import java.util.List;
import org.bytedeco.pytorch.BoolVector;
import org.bytedeco.pytorch.Reducer;
import org.bytedeco.pytorch.SizeTStringMap;
import org.bytedeco.pytorch.SizeTVector;
import org.bytedeco.pytorch.SizeTVectorVector;
import org.bytedeco.pytorch.T_SizeTVectorVectorSizeTVector_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import yolompi.distributed.collective.TorchProcessGroup;
import yolompi.recipe.DistRecipe;
import yolompi.torch.Tensors;

/**
 * LibTorch's own DDP reducer: all-reduces each bucket of gradients as soon as the backward pass has
 * filled it, while the backward pass continues. Li et al., PyTorch Distributed (VLDB 2020), section
 * 3.
 */
final class LibTorchReducer implements GradientReducer {
    private static final long FIRST_BUCKET_BYTES = 1 << 20;

    private final Reducer reducer;
    private final boolean findUnused;

    /**
     * Takes over the gradients of the parameters, given in the order of the forward pass.
     * Collective.
     */
    LibTorchReducer(TorchProcessGroup group, List<Tensor> parameters, DistRecipe recipe) {
        this.findUnused = recipe.findUnusedParameters();
        TensorVector tensors = Tensors.vector(parameters);
        long bucketBytes = (long) (recipe.bucketMib() * (1 << 20));
        SizeTVector limits = new SizeTVector(Math.min(FIRST_BUCKET_BYTES, bucketBytes), bucketBytes);
        BoolVector sparse = new BoolVector(parameters.size());
        // The backward pass reaches the last parameters first, so the first bucket must hold them.
        SizeTVectorVector buckets;
        // get0() points into the pair, which the garbage collector may free after its last use.
        try (T_SizeTVectorVectorSizeTVector_T assigned = torch.compute_bucket_assignment_by_size(tensors, limits)) {
            buckets = reversed(assigned.get0());
        }
        this.reducer = new Reducer(
                tensors,
                buckets,
                group.processGroup(),
                sparse,
                bucketBytes,
                findUnused,
                true, // gradients are views of the buckets: no copy after the all-reduce
                new SizeTStringMap(),
                Math.min(FIRST_BUCKET_BYTES, bucketBytes),
                false,
                false);
    }

    private static SizeTVectorVector reversed(SizeTVectorVector buckets) {
        SizeTVectorVector reversed = new SizeTVectorVector(buckets.size());
        for (long i = 0; i < buckets.size(); i++) {
            reversed.put(i, buckets.get(buckets.size() - 1 - i));
        }
        return reversed;
    }

    /**
     * It rebuilds its buckets in the order in which the first backward pass reached the parameters.
     */
    @Override
    public boolean learnsFromFirstPass() {
        return !findUnused;
    }

    @Override
    public void beforeForward() {
        reducer.rebuild_buckets();
        reducer.prepare_for_forward();
    }

    @Override
    public void beforeBackward(List<Tensor> outputs) {
        reducer.prepare_for_backward(findUnused ? Tensors.vector(outputs) : new TensorVector());
    }

    /** Does nothing: the backward pass has waited for the last bucket. */
    @Override
    public void afterBackward() {}

    @Override
    public void close() {
        reducer.close();
    }
}
