package yolompi.optim;

import yolompi.recipe.OptimizerRecipe.Kind;

final class AdamWTest extends AdamContract {
    AdamWTest() {
        super(Kind.ADAMW, true);
    }
}
