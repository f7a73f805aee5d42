package yolompi.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import yolompi.recipe.OptimizerRecipe;
import yolompi.recipe.ScheduleRecipe;
import yolompi.recipe.ScheduleRecipe.Kind;

final class LearningRateTest {
    private static final Offset<Double> ROUNDING = within(1e-12);

    @Test
    void theWarmUpRisesLinearlyToThePeak() {
        LearningRate rate = steps(2); // 2 epochs of 5 steps

        for (int step = 0; step < 10; step++) {
            assertThat(rate.at(step)).isCloseTo(0.4 * (step + 1) / 10, ROUNDING);
        }
        assertThat(rate.at(10)).isCloseTo(0.4, ROUNDING);
    }

    @Test
    void theWarmUpTakesAtMostHalfOfTheTraining() {
        LearningRate rate = steps(1000);

        assertThat(rate.at(24)).isCloseTo(0.4 / 2, ROUNDING);
        assertThat(rate.at(49)).isCloseTo(0.4, ROUNDING);
    }

    @Test
    void withoutWarmUpTheFirstStepHasThePeak() {
        assertThat(steps(0).at(0)).isEqualTo(0.4);
    }

    @Test
    void stepsFallAtTheirMilestones() {
        LearningRate rate = steps(0);

        assertThat(rate.at(59)).isCloseTo(0.4, ROUNDING);
        assertThat(rate.at(60)).isCloseTo(0.04, ROUNDING);
        assertThat(rate.at(89)).isCloseTo(0.04, ROUNDING);
        assertThat(rate.at(90)).isCloseTo(0.004, ROUNDING);
        assertThat(rate.at(99)).isCloseTo(0.004, ROUNDING);
    }

    @Test
    void theCosineFallsFromThePeakToItsEnd() {
        LearningRate rate = new LearningRate(new ScheduleRecipe(Kind.COSINE, 0, 0.1, List.of(), 0.1), 0.4, 5, 100);

        assertThat(rate.at(0)).isCloseTo(0.4, ROUNDING);
        assertThat(rate.at(50)).isCloseTo((0.4 + 0.04) / 2, ROUNDING);
        assertThat(rate.at(100)).isCloseTo(0.04, ROUNDING);
        assertThat(rate.at(99)).isCloseTo(0.04, within(0.0002));
        for (int step = 1; step <= 100; step++) {
            assertThat(rate.at(step)).isLessThan(rate.at(step - 1));
        }
    }

    @ParameterizedTest
    @CsvSource({"64, 0.01", "32, 0.005", "1, 0.00125", "128, 0.02", "4096, 0.04"})
    void thePeakGrowsWithTheGlobalBatchWithinItsLimits(int batch, double peak) {
        OptimizerRecipe recipe =
                new OptimizerRecipe(OptimizerRecipe.Kind.SGD, 0.01, 64, 0.125, 4, 0.9, true, 0.999, 0, 0, 20);

        assertThat(recipe.scaledLearningRate(batch)).isCloseTo(peak, ROUNDING);
    }

    private static LearningRate steps(double warmupEpochs) {
        return new LearningRate(new ScheduleRecipe(Kind.STEP, warmupEpochs, 0.1, List.of(0.6, 0.9), 0.1), 0.4, 5, 100);
    }
}
