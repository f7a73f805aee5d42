package yolompi.distributed.ddp;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import yolompi.distributed.collective.ProcessGroup;
import yolompi.distributed.collective.TorchProcessGroup;
import yolompi.recipe.DistRecipe;
import yolompi.recipe.DistRecipe.Compression;

/**
 * Averages gradients over all ranks while the backward pass still computes.
 *
 * <p>After {@link #afterBackward} every rank holds the mean of all ranks' gradients. A backward
 * pass without these calls only adds to the rank's own gradients; this is how micro-batches are
 * accumulated.
 */
public sealed interface GradientReducer extends AutoCloseable
        permits GradientReducer.NoReducer, LibTorchReducer, BucketReducer {
    /** Exchanges nothing: for one rank, and for all micro-batches of a step but the last. */
    GradientReducer NONE = new NoReducer();

    /**
     * Takes over the gradients of the parameters. Collective.
     *
     * @param parameters in the order of the forward pass
     */
    static GradientReducer of(ProcessGroup group, List<Tensor> parameters, DistRecipe recipe) {
        if (group instanceof ProcessGroup.Single) {
            return NONE;
        } else if (group instanceof TorchProcessGroup torch && recipe.compression() == Compression.NONE) {
            return new LibTorchReducer(torch, parameters, recipe);
        }
        return new BucketReducer(group, parameters, recipe);
    }

    /**
     * Whether the first backward pass determines the summation order of all later ones.
     *
     * <p>If so, run one backward pass that does not count. Otherwise, a resumed run sums its first
     * step in another order, and its last bits differ from those of an uninterrupted run.
     */
    boolean learnsFromFirstPass();

    /** Call before the forward pass whose gradients are to be reduced. */
    void beforeForward();

    /** Call between the forward and the backward pass. */
    void beforeBackward(List<Tensor> outputs);

    /** Call after the backward pass. */
    void afterBackward();

    @Override
    void close();

    /** Does nothing: one rank's gradients are the gradients of all. */
    record NoReducer() implements GradientReducer {
        @Override
        public boolean learnsFromFirstPass() {
            return false;
        }

        @Override
        public void beforeForward() {}

        @Override
        public void beforeBackward(List<Tensor> outputs) {}

        @Override
        public void afterBackward() {}

        @Override
        public void close() {}
    }
}
