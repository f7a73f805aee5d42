package yolompi.recipe;

/**
 * When checkpoints are saved, and which are kept.
 *
 * @param everyEpochs epochs between checkpoints that are never deleted; 0: only the best is kept
 * @param lastEveryEpochs epochs between saves of the newest state, at the end of an epoch
 * @param everySteps steps between saves within an epoch; 0: none
 * @param everyMinutes minutes between saves within an epoch; 0: none
 * @param keepLast number of newest states to keep, besides the best and those never deleted
 * @param background whether training continues while a file is written
 */
public record CheckpointRecipe(
        int everyEpochs, int lastEveryEpochs, int everySteps, double everyMinutes, int keepLast, boolean background) {
    public CheckpointRecipe {
        Limits.atLeast("checkpoint.every_epochs", everyEpochs, 0);
        Limits.atLeast("checkpoint.last_every_epochs", lastEveryEpochs, 1);
        Limits.atLeast("checkpoint.every_steps", everySteps, 0);
        Limits.atLeast("checkpoint.every_minutes", everyMinutes, 0);
        Limits.atLeast("checkpoint.keep_last", keepLast, 1);
    }
}
