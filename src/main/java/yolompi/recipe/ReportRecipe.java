package yolompi.recipe;

/**
 * How often progress is written down.
 *
 * @param everySteps steps between two rows of metrics.csv and two lines of the log
 * @param samples whether each rank writes down the samples of every step
 */
public record ReportRecipe(int everySteps, boolean samples) {
    public ReportRecipe {
        Limits.atLeast("report.every_steps", everySteps, 1);
    }
}
