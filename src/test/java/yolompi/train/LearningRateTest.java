package yolompi.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import yolompi.recipe.OptimizerRecipe;
import yolompi.recipe.Recipes;
import yolompi.recipe.ScheduleRecipe;

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
        LearningRate rate = new LearningRate(
                Recipes.with("schedule.warmup_epochs=0", "schedule.final_factor=0.1")
                        .schedule(),
                0.4,
                5,
                100);

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
        ScheduleRecipe recipe = Recipes.with(
                        "schedule.kind=step",
                        "schedule.milestones=[0.6, 0.9]",
                        "schedule.warmup_epochs=" + warmupEpochs)
                .schedule();
        return new LearningRate(recipe, 0.4, 5, 100);
    }
}
