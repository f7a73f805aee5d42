package yolompi.train;

import yolompi.dist.Communicator;
import yolompi.dist.Host;
import yolompi.recipe.ModelRecipe.Precision;

/** In which arithmetic the ranks compute. */
final class Arithmetic {
    private Arithmetic() {}

    /** Whether convolutions run in bfloat16: the same on all ranks; collective. */
    static boolean bf16(Precision wanted, Communicator ranks) {
        // Asked on every rank whatever it wants: that all have the same recipe is known only later.
        boolean amxEverywhere = !ranks.any(!Host.hasAmx());
        return switch (wanted) {
            case FP32 -> false;
            case BF16 -> true;
            case AUTO -> amxEverywhere;
        };
    }
}
