package yolompi.train;

import java.util.Optional;
import yolompi.data.EpochPlan;
import yolompi.model.Architecture;
import yolompi.model.FrozenLayers;
import yolompi.recipe.ModelRecipe;

/**
 * Which layers are frozen, and until when: a pure function of the step, so that it is the same after a resumption and on any number of ranks.
 *
 * @param unfreezeEpoch completed epochs after which they are trained; 0: never
 */
record Freezing(FrozenLayers layers, int unfreezeEpoch, EpochPlan plan) {
    static Freezing of(ModelRecipe recipe, Architecture architecture, EpochPlan plan) {
        return new Freezing(FrozenLayers.parse(recipe.freeze(), architecture), recipe.unfreezeEpoch(), plan);
    }

    /** Whether a step, from 0, trains all layers. */
    boolean isOver(long step) {
        return layers.isEmpty() || (unfreezeEpoch > 0 && plan.epochOf(step) >= unfreezeEpoch);
    }

    /** What the log says of it before the first step. */
    Optional<String> describe(Architecture architecture) {
        return layers.isEmpty()
                ? Optional.empty()
                : Optional.of("layers %s stay as they are (%,d of %,d parameters) %s"
                        .formatted(
                                layers.describe(),
                                layers.parameters(architecture),
                                architecture.parameters(),
                                unfreezeEpoch > 0
                                        ? "until epoch %d is completed".formatted(unfreezeEpoch)
                                        : "to the end"));
    }
}
