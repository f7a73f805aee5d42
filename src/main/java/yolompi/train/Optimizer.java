package yolompi.train;

import java.util.List;
import yolompi.model.Parameter;
import yolompi.recipe.OptimizerRecipe;

/** Changes weights by their gradients, with LibTorch's fused kernels: one pass over memory for all tensors. */
sealed interface Optimizer permits Sgd, Adam {
    static Optimizer of(OptimizerRecipe recipe, List<Parameter> parameters) {
        return switch (recipe.kind()) {
            case SGD -> new Sgd(recipe, parameters);
            case ADAM, ADAMW -> new Adam(recipe, parameters);
        };
    }

    /** One step; every parameter must have a gradient. */
    void step(Rates rates);

    /** What the optimizer remembers, by name, for checkpoints; the tensors themselves, not copies. */
    List<Parameter> state();
}
