package yolompi.optim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import yolompi.recipe.OptimizerRecipe;
import yolompi.recipe.OptimizerRecipe.Kind;

final class SgdTest extends OptimizerContract {
    SgdTest() {
        super(Kind.SGD);
    }

    /**
     * SGD with momentum and Nesterov's variant (Sutskever et al., 2013), as PyTorch defines them.
     */
    @Override
    Formula formula(OptimizerRecipe recipe) {
        return new Formula() {
            private double velocity;

            @Override
            public double step(double weight, double gradient, double decay, double rate, double momentum) {
                double slope = gradient + decay * weight;
                velocity = momentum * velocity + slope;
                return weight - rate * (recipe.nesterov() ? slope + momentum * velocity : velocity);
            }
        };
    }

    @ParameterizedTest(name = "weight decay {0}, momentum rises: {1}")
    @CsvSource({"0, false", "0.1, false", "0.1, true"})
    void nesterovStepsFollowTheFormula(double decay, boolean warmsUp) {
        assertFormula(recipe(0.9, true, decay), warmsUp ? warmUp(0.9) : fallingRates(0.9));
    }

    @Test
    void stepsWithoutMomentumFollowTheFormula() {
        assertFormula(recipe(0, false, 0), fallingRates(0));
    }

    @Test
    void stateIsOneMomentumForEachParameter() {
        assertThat(stateNames(recipe(0.9, true, 0)))
                .containsExactlyInAnyOrder("momentum/kernel", "momentum/scale", "momentum/bias");
    }

    @Test
    void sgdWithoutMomentumHasNoState() {
        assertThat(stateNames(recipe(0, false, 0))).isEmpty();
    }
}
