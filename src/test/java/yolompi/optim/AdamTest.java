package yolompi.optim;

import yolompi.recipe.OptimizerRecipe.Kind;

final class AdamTest extends AdamContract {
    AdamTest() {
        super(Kind.ADAM, false);
    }
}
