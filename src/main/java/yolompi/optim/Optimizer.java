package yolompi.optim;

import java.util.List;
import yolompi.model.Parameter;
import yolompi.optim.Schedule.StepHyperparameters;
import yolompi.recipe.OptimizerRecipe;

/**
 * Updates weights from their gradients with LibTorch's fused kernels: one pass over memory for all
 * tensors.
 */
public sealed interface Optimizer permits Sgd, Adam {
    static Optimizer of(OptimizerRecipe recipe, List<Parameter> parameters) {
        return switch (recipe.kind()) {
            case SGD -> new Sgd(recipe, parameters);
            case ADAM, ADAMW -> new Adam(recipe, parameters);
        };
    }

    /** Runs one step. Every parameter must have a gradient. */
    void step(StepHyperparameters hyperparameters);

    /**
     * Returns the optimizer's state for checkpoints, by name: the tensors themselves, not copies.
     */
    List<Parameter> state();
}
