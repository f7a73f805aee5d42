package yolompi.train.stop;

import java.util.Locale;
import java.util.Optional;
import yolompi.InputException;
import yolompi.checkpoint.TrainState;
import yolompi.recipe.EvalRecipe.Fitness;
import yolompi.recipe.Recipe;

/**
 * Ends a training whose evaluations no longer improve.
 *
 * @param patience epochs without improvement; 0: never ends early
 * @param by the measure that must improve
 */
public record EarlyStopping(int patience, Fitness by) {
    /**
     * Results of an evaluation.
     *
     * @param map50 mAP at IoU 0.5, 0 to 1
     * @param map5095 mean mAP over IoU 0.5 to 0.95, 0 to 1
     * @param loss mean loss of the validation images
     */
    public record Evaluation(double map50, double map5095, double loss) {
        /** Value that selects the best checkpoint; higher is better. */
        double fitness(Fitness by) {
            return switch (by) {
                case MAP50_95 -> map5095;
                case MAP50 -> map50;
                case LOSS -> Double.isNaN(loss) ? Double.NEGATIVE_INFINITY : -loss;
            };
        }

        /** Converts a fitness back to the measured value. */
        static double measure(Fitness by, double fitness) {
            return by == Fitness.LOSS ? -fitness : fitness;
        }
    }

    /**
     * Reads the rule from a recipe.
     *
     * @throws InputException if there would be no evaluation that could improve
     */
    public static EarlyStopping of(Recipe recipe) {
        int patience = recipe.train().patience();
        if (patience > 0 && recipe.data().val().isBlank()) {
            throw new InputException("train.patience = " + patience
                    + ": without data.val there is no evaluation; set data.val to a folder of shards, or"
                    + " train.patience to 0");
        }
        if (patience > 0 && recipe.eval().everyEpochs() == 0) {
            throw new InputException("train.patience = " + patience
                    + ": eval.every_epochs = 0 evaluates only after the last epoch; raise it, or set"
                    + " train.patience to 0");
        }
        return new EarlyStopping(patience, recipe.eval().fitness());
    }

    /** Returns the value of an evaluation that must improve; higher is better. */
    public double fitness(Evaluation evaluation) {
        return evaluation.fitness(by);
    }

    /**
     * Returns why the training ends with the last evaluation, if it does. A pure function of the
     * state, so that a resumed run gives the same answer.
     */
    public Optional<String> reason(TrainState state) {
        boolean over = patience > 0 && state.bestEpoch() > 0 && state.evaluatedEpoch() - state.bestEpoch() >= patience;
        return over
                ? Optional.of(String.format(
                        Locale.ROOT,
                        "%s has not improved since epoch %d: %.4f (train.patience = %d)",
                        by.title(),
                        state.bestEpoch(),
                        Evaluation.measure(by, state.bestFitness()),
                        patience))
                : Optional.empty();
    }
}
