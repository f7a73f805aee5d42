package yolompi.train.setup;

import java.util.Optional;
import yolompi.data.sampler.EpochPlan;
import yolompi.model.Architecture;
import yolompi.model.FrozenLayers;
import yolompi.recipe.ModelRecipe;

/**
 * Which layers are frozen, and until when. A pure function of the step, so that it is the same
 * after resuming and on any number of ranks.
 *
 * @param unfreezeEpoch number of completed epochs after which the layers are trained; 0: never
 */
public record Freezing(FrozenLayers layers, int unfreezeEpoch, EpochPlan plan) {
    static Freezing of(ModelRecipe recipe, Architecture architecture, EpochPlan plan) {
        return new Freezing(FrozenLayers.parse(recipe.freeze(), architecture), recipe.unfreezeEpoch(), plan);
    }

    /** Whether the step, counted from 0, trains all layers. */
    public boolean isOver(long step) {
        return layers.isEmpty() || (unfreezeEpoch > 0 && plan.epochOf(step) >= unfreezeEpoch);
    }

    /** Whether a layer is frozen for the whole training. */
    boolean isForGood(int layer) {
        return layers.contains(layer) && unfreezeEpoch == 0;
    }

    /**
     * Returns the line for the log before the first step.
     *
     * @param epochs of the whole training
     */
    public Optional<String> describe(Architecture architecture, int epochs) {
        return layers.isEmpty()
                ? Optional.empty()
                : Optional.of("layers %s are frozen (%,d of %,d parameters) %s"
                        .formatted(
                                layers.describe(),
                                layers.parameters(architecture),
                                architecture.parameters(),
                                end(epochs)));
    }

    private String end(int epochs) {
        if (unfreezeEpoch == 0) {
            return "for the whole training";
        }
        return unfreezeEpoch < epochs
                ? "until the end of epoch %d".formatted(unfreezeEpoch)
                : "for the whole training: it ends with epoch %d, and model.unfreeze_epoch = %d"
                        .formatted(epochs, unfreezeEpoch);
    }
}
