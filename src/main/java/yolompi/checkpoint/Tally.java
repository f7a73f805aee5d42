package yolompi.checkpoint;

/**
 * What the report of a run goes on counting when the run is cut and resumed.
 *
 * @param seconds of training since the beginning, in all processes that the run took
 * @param skippedSteps steps that were left out since the beginning
 * @param epoch losses since the last epoch ended
 * @param window losses since the last row of steps in metrics.csv
 */
public record Tally(double seconds, long skippedSteps, LossSums epoch, LossSums window) {
    /** Before the first step. */
    public static final Tally START = new Tally(0, 0, LossSums.NONE, LossSums.NONE);
}
