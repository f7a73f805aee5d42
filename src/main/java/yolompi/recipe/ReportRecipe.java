package yolompi.recipe;

/**
 * How often progress is written down.
 *
 * @param everySteps steps between two rows of metrics.csv and two lines of the log
 */
public record ReportRecipe(int everySteps) {
    public ReportRecipe {
        Limits.atLeast("report.every_steps", everySteps, 1);
    }
}
