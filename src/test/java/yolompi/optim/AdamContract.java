package yolompi.optim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import yolompi.recipe.OptimizerRecipe;
import yolompi.recipe.OptimizerRecipe.Kind;

/** Tests that Adam (Kingma and Ba, 2015) must pass, with one of two kinds of weight decay. */
abstract class AdamContract extends OptimizerContract {
    private static final double EPSILON = 1e-8;

    private final boolean decoupled;

    /**
     * The contract of Adam or AdamW.
     *
     * @param decoupled whether weight decay is decoupled from the gradient (Loshchilov and Hutter,
     *     2019)
     */
    AdamContract(Kind kind, boolean decoupled) {
        super(kind);
        this.decoupled = decoupled;
    }

    @Override
    Formula formula(OptimizerRecipe recipe) {
        return new Formula() {
            private double mean;
            private double square;
            private int steps;

            @Override
            public double step(double weight, double gradient, double decay, double rate, double beta1) {
                double beta2 = recipe.beta2();
                double slope = decoupled ? gradient : gradient + decay * weight;
                double decayed = decoupled ? weight * (1 - rate * decay) : weight;
                steps++;
                mean = beta1 * mean + (1 - beta1) * slope;
                square = beta2 * square + (1 - beta2) * slope * slope;
                double unbiasedMean = mean / (1 - Math.pow(beta1, steps));
                double unbiasedSquare = square / (1 - Math.pow(beta2, steps));
                return decayed - rate * unbiasedMean / (Math.sqrt(unbiasedSquare) + EPSILON);
            }
        };
    }

    @Test
    void stateHoldsAStepCountAndTwoMomentsPerParameter() {
        assertThat(stateNames(recipe(0.9, false, 0)))
                .containsExactlyInAnyOrder(
                        "steps/kernel",
                        "steps/scale",
                        "steps/bias",
                        "mean/kernel",
                        "mean/scale",
                        "mean/bias",
                        "square/kernel",
                        "square/scale",
                        "square/bias");
    }
}
