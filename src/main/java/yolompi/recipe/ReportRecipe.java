package yolompi.recipe;

/**
 * How often progress is written down.
 *
 * @param everySteps steps between two rows of metrics.csv and two lines of the log
 * @param samples whether each rank writes down the samples of every step
 * @param jsonLines whether the rows of metrics.csv are written as JSON too, to metrics.jsonl
 * @param stragglerFactor a rank whose own work takes more than so many times the median rank's is named in the log
 */
public record ReportRecipe(int everySteps, boolean samples, boolean jsonLines, double stragglerFactor) {
    public ReportRecipe {
        Limits.atLeast("report.every_steps", everySteps, 1);
        Limits.above("report.straggler_factor", stragglerFactor, 1);
    }
}
