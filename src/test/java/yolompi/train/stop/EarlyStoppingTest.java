package yolompi.train.stop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import yolompi.InputException;
import yolompi.checkpoint.TrainState;
import yolompi.recipe.EvalRecipe.Fitness;
import yolompi.recipe.Recipes;

class EarlyStoppingTest {
    private static TrainState completed(TrainState state, int epochs) {
        return state.after(10L * epochs, epochs, 10L * epochs, 0);
    }

    private static TrainState evaluated(TrainState state, int epochs, double fitness) {
        return completed(state, epochs).evaluated(fitness).endEpochs();
    }

    @Test
    void trainingEndsAfterPatienceEpochsWithoutImprovement() {
        EarlyStopping stopping = new EarlyStopping(3, Fitness.MAP50_95);
        TrainState best = evaluated(evaluated(TrainState.START, 2, 0.4), 4, 0.5);
        assertThat(stopping.reason(TrainState.START)).isEmpty();
        assertThat(stopping.reason(best)).isEmpty();
        assertThat(stopping.reason(evaluated(best, 6, 0.5))).isEmpty();
        assertThat(stopping.reason(completed(best, 9)))
                .as("without an evaluation")
                .isEmpty();

        TrainState over = evaluated(evaluated(best, 6, 0.1), 8, 0.2);
        assertThat(stopping.reason(over))
                .contains("mAP@0.5:0.95 has not improved since epoch 4: 0.5000 (train.patience = 3)");
        assertThat(stopping.reason(evaluated(evaluated(best, 6, 0.1), 8, 0.6))).isEmpty();
        assertThat(new EarlyStopping(5, Fitness.MAP50_95).reason(over)).isEmpty();
        assertThat(new EarlyStopping(0, Fitness.MAP50_95).reason(over)).isEmpty();
    }

    @Test
    void reasonNamesTheMetric() {
        TrainState over = evaluated(evaluated(TrainState.START, 1, -7.25), 2, -8);
        assertThat(new EarlyStopping(1, Fitness.LOSS).reason(over))
                .contains("validation loss has not improved since epoch 1: 7.2500 (train.patience = 1)");
        assertThat(new EarlyStopping(1, Fitness.MAP50).reason(evaluated(evaluated(TrainState.START, 1, 0.2), 2, 0.1)))
                .contains("mAP@0.5 has not improved since epoch 1: 0.2000 (train.patience = 1)");
    }

    @Test
    void patienceWithoutEvaluationsIsRefused() {
        assertThatThrownBy(() -> EarlyStopping.of(Recipes.with("train.patience=4")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("train.patience = 4: without data.val there is no evaluation");
        assertThatThrownBy(
                        () -> EarlyStopping.of(Recipes.with("train.patience=4", "data.val=v", "eval.every_epochs=0")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("eval.every_epochs = 0");
        assertThat(EarlyStopping.of(Recipes.with("train.patience=4", "data.val=v")))
                .isEqualTo(new EarlyStopping(4, Fitness.MAP50_95));
    }
}
