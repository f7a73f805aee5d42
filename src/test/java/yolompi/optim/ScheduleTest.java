package yolompi.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import yolompi.optim.Schedule.StepHyperparameters;
import yolompi.recipe.OptimizerRecipe;
import yolompi.recipe.Recipes;

/** A training of 100 steps, five per epoch, with peak 0.4 and momentum 0.9. */
final class ScheduleTest {
    private static final Offset<Double> ROUNDING = within(1e-12);

    @Test
    void warmUpRisesLinearlyToThePeak() {
        Schedule schedule = steps("warmup_epochs=2");

        for (int step = 0; step < 10; step++) {
            assertThat(rate(schedule, step)).isCloseTo(0.4 * (step + 1) / 10, ROUNDING);
        }
        assertThat(rate(schedule, 10)).isCloseTo(0.4, ROUNDING);
    }

    @Test
    void warmUpTakesAtMostHalfOfTheTraining() {
        Schedule schedule = steps("warmup_epochs=1000");

        assertThat(rate(schedule, 24)).isCloseTo(0.4 / 2, ROUNDING);
        assertThat(rate(schedule, 49)).isCloseTo(0.4, ROUNDING);
        assertThat(schedule.at(25).momentum()).isCloseTo(0.85, ROUNDING);
    }

    @ParameterizedTest
    @CsvSource({"0", "0.1"})
    void firstStepWithoutWarmUpHasPeakLearningRateAndFullMomentum(double epochs) {
        assertThat(steps("warmup_epochs=" + epochs, "warmup_bias_factor=10").at(0))
                .isEqualTo(StepHyperparameters.of(0.4, 0.9));
    }

    @ParameterizedTest
    @CsvSource({"0, 0.8", "1, 0.81", "5, 0.85", "9, 0.89", "10, 0.9", "50, 0.9"})
    void momentumRisesLinearlyDuringWarmUp(long step, double momentum) {
        assertThat(steps("warmup_epochs=2").at(step).momentum()).isCloseTo(momentum, ROUNDING);
    }

    @Test
    void momentumNeverExceedsTheOptimizersMomentum() {
        assertThat(steps("warmup_epochs=2", "warmup_momentum=0.95").at(0).momentum())
                .isEqualTo(0.9);
        assertThat(schedule("kind=one_cycle", "cycle_momentum=0.95").at(30).momentum())
                .isEqualTo(0.9);
    }

    /** From 10 × 0.4 down to the learning rate at the end of the warm-up. */
    @ParameterizedTest
    @CsvSource({"step, 0, 4", "step, 1, 3.64", "step, 5, 2.2", "step, 10, 0.4", "linear, 5, 2.19", "linear, 10, 0.36"})
    void biasLearningRateFallsToTheScheduledLearningRate(String kind, long step, double rate) {
        Schedule schedule = schedule("kind=" + kind, "warmup_epochs=2", "warmup_bias_factor=10", "final_factor=0");

        assertThat(schedule.at(step).biasRate()).isCloseTo(rate, ROUNDING);
    }

    @Test
    void biasLearningRateWithoutFactorEqualsTheLearningRate() {
        Schedule schedule = steps("warmup_epochs=2", "warmup_bias_factor=0");

        for (int step = 0; step < 20; step++) {
            assertThat(schedule.at(step).biasRate()).isEqualTo(rate(schedule, step));
        }
    }

    @ParameterizedTest
    @CsvSource({"59, 0.4", "60, 0.04", "89, 0.04", "90, 0.004", "99, 0.004"})
    void stepScheduleFallsAtItsMilestones(long step, double rate) {
        assertThat(rate(steps("warmup_epochs=0"), step)).isCloseTo(rate, ROUNDING);
    }

    @ParameterizedTest
    @CsvSource({"cosine, 50, 0.22", "cosine, 25, 0.3472792206135786", "linear, 50, 0.22", "linear, 25, 0.31"})
    void cosineAndLinearFallFromPeakToEnd(String kind, long step, double rate) {
        Schedule schedule = schedule("kind=" + kind, "warmup_epochs=0", "final_factor=0.1");

        assertThat(rate(schedule, 0)).isCloseTo(0.4, ROUNDING);
        assertThat(rate(schedule, step)).isCloseTo(rate, ROUNDING);
        assertThat(rate(schedule, 100)).isCloseTo(0.04, ROUNDING);
        for (int i = 1; i <= 100; i++) {
            assertThat(rate(schedule, i)).isLessThan(rate(schedule, i - 1));
        }
    }

    /**
     * The peak is at step 40. A cosine has covered half of its range after half of its steps, and a
     * quarter after a third.
     */
    @ParameterizedTest
    @CsvSource({
        "0, 0.04, 0.9",
        "20, 0.22, 0.8",
        "40, 0.4, 0.7",
        "60, 0.3, 0.75",
        "70, 0.2, 0.8",
        "80, 0.1, 0.85",
        "100, 0, 0.9"
    })
    void oneCycleRisesAndFallsAndMomentumMirrorsIt(long step, double rate, double momentum) {
        Schedule schedule = schedule(
                "kind=one_cycle",
                "cycle_peak=0.4",
                "cycle_start=0.1",
                "cycle_momentum=0.7",
                "final_factor=0",
                "warmup_epochs=5",
                "warmup_bias_factor=10");

        StepHyperparameters hyperparameters = schedule.at(step);
        assertThat(hyperparameters.learningRate()).isCloseTo(rate, ROUNDING);
        assertThat(hyperparameters.biasRate()).isEqualTo(hyperparameters.learningRate());
        assertThat(hyperparameters.momentum()).isCloseTo(momentum, ROUNDING);
    }

    @Test
    void oneCycleMayStartAtItsPeak() {
        assertThat(schedule("kind=one_cycle", "cycle_peak=0").at(0)).isEqualTo(StepHyperparameters.of(0.4, 0.85));
    }

    @Test
    void descriptionNamesWarmUpAndDecay() {
        assertThat(schedule("warmup_epochs=3").describe()).isEqualTo("warm-up over 15 steps, then cosine to 0.004000");
        assertThat(schedule("warmup_epochs=0", "kind=linear").describe()).isEqualTo("no warm-up, linear to 0.004000");
        assertThat(steps("warmup_epochs=0").describe())
                .isEqualTo("no warm-up, times 0.1000 after [0.6, 0.9] of the training");
        assertThat(schedule("kind=one_cycle").describe())
                .isEqualTo("one_cycle from 0.01600, rising to step 30, then falling to 0.004000");
    }

    @ParameterizedTest
    @CsvSource({"64, 0.01", "32, 0.005", "1, 0.00125", "128, 0.02", "4096, 0.04"})
    void peakGrowsWithTheGlobalBatchWithinLimits(int batch, double peak) {
        OptimizerRecipe recipe =
                new OptimizerRecipe(OptimizerRecipe.Kind.SGD, 0.01, 64, 0.125, 4, 0.9, true, 0.999, 0, 0, 20);

        assertThat(recipe.scaledLearningRate(batch)).isCloseTo(peak, ROUNDING);
    }

    private static double rate(Schedule schedule, long step) {
        return schedule.at(step).learningRate();
    }

    private static Schedule steps(String... changes) {
        List<String> all = new ArrayList<>(List.of("kind=step", "milestones=[0.6, 0.9]"));
        all.addAll(List.of(changes));
        return schedule(all.toArray(String[]::new));
    }

    private static Schedule schedule(String... changes) {
        String[] keys =
                List.of(changes).stream().map(change -> "schedule." + change).toArray(String[]::new);
        return new Schedule(Recipes.with(keys).schedule(), 0.4, 0.9, 5, 100);
    }
}
