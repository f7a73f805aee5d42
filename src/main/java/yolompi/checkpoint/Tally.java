package yolompi.checkpoint;

/**
 * Counters of a run's report that continue when the run is resumed.
 *
 * @param seconds training time since the beginning, in all processes of the run
 * @param skippedSteps steps skipped since the beginning
 * @param epoch losses since the last epoch ended
 * @param window losses since the last step row in metrics.csv
 */
public record Tally(double seconds, long skippedSteps, LossSums epoch, LossSums window) {
    /** Counters before the first step. */
    public static final Tally START = new Tally(0, 0, LossSums.NONE, LossSums.NONE);
}
