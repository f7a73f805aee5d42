package yolompi.dist;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import yolompi.recipe.DistRecipe;
import yolompi.recipe.DistRecipe.Compression;

/**
 * Makes the gradients of all ranks one, while backward still computes the rest of them. After {@link #afterBackward} every rank holds the
 * mean of all ranks' gradients. A backward pass without these calls adds to the rank's own gradients and exchanges nothing: so micro-batches
 * are accumulated.
 */
public sealed interface GradientReducer extends AutoCloseable permits NoReducer, LibTorchReducer, BucketReducer {
    /** Exchanges nothing: for one rank, and for all micro-batches of a step but the last. */
    GradientReducer NONE = new NoReducer();

    /**
     * Takes over the gradients of the parameters; collective.
     *
     * @param parameters in the order of the forward pass
     */
    static GradientReducer of(TensorGroup group, List<Tensor> parameters, DistRecipe recipe) {
        if (group instanceof SingleGroup) {
            return NONE;
        } else if (group instanceof TorchGroup torch && recipe.compression() == Compression.NONE) {
            return new LibTorchReducer(torch, parameters, recipe);
        }
        return new BucketReducer(group, parameters, recipe);
    }

    /**
     * Whether the first backward pass that it sees decides how it sums in all that follow. Then a run that is resumed would sum its first step in
     * another order, and differ from one that was not interrupted in its last bits: let it see one that does not count.
     */
    boolean learnsFromFirstPass();

    /** Call before the forward pass whose backward pass is to be reduced. */
    void beforeForward();

    /** Call between forward and backward. */
    void beforeBackward(List<Tensor> outputs);

    /** Call after backward. */
    void afterBackward();

    @Override
    void close();
}
