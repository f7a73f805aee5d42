package yolompi.recipe;

/**
 * When states are saved, and which are kept.
 *
 * @param everyEpochs epochs between the checkpoints that are kept for good; 0: only the best and the last are kept
 * @param lastEveryEpochs epochs between saves of the last state, which a later one replaces
 */
public record CheckpointRecipe(int everyEpochs, int lastEveryEpochs) {
    public CheckpointRecipe {
        Limits.atLeast("checkpoint.every_epochs", everyEpochs, 0);
        Limits.atLeast("checkpoint.last_every_epochs", lastEveryEpochs, 1);
    }
}
