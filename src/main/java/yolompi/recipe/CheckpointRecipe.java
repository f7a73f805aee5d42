package yolompi.recipe;

/**
 * When states are saved, and which are kept.
 *
 * @param everyEpochs epochs between the checkpoints that are kept for good; 0: none but the best is
 * @param lastEveryEpochs epochs between saves of the last state, at the ends of epochs
 * @param everySteps steps between saves inside of epochs; 0: none
 * @param everyMinutes minutes between saves inside of epochs; 0: none
 * @param keepLast how many of the newest states stay, besides the best and those kept for good
 * @param background whether training goes on while a file is written
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
