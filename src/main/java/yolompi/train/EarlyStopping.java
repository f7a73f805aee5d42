package yolompi.train;

import java.util.Locale;
import java.util.Optional;
import yolompi.InputException;
import yolompi.checkpoint.TrainState;
import yolompi.recipe.EvalRecipe.Fitness;
import yolompi.recipe.Recipe;

/**
 * Ends a training whose evaluations get no better.
 *
 * @param patience epochs without a better one; 0: it never ends
 * @param by what makes one better
 */
record EarlyStopping(int patience, Fitness by) {
    /**
     * As a recipe wants it.
     *
     * @throws InputException where nothing would be evaluated that could get better
     */
    static EarlyStopping of(Recipe recipe) {
        int patience = recipe.train().patience();
        if (patience > 0 && recipe.data().val().isBlank()) {
            throw new InputException(
                    "train.patience = " + patience
                            + ": without data.val there is no evaluation; set data.val to a folder of shards, or train.patience to 0");
        }
        if (patience > 0 && recipe.eval().everyEpochs() == 0) {
            throw new InputException(
                    "train.patience = " + patience
                            + ": eval.every_epochs = 0 evaluates only after the last epoch; raise it, or set train.patience to 0");
        }
        return new EarlyStopping(patience, recipe.eval().fitness());
    }

    /** Why the training ends with the last evaluation, if so: a pure function, so that a resumed run knows it too. */
    Optional<String> reason(TrainState state) {
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
