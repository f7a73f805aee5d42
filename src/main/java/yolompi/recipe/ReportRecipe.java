package yolompi.recipe;

/**
 * What is logged, and how often.
 *
 * @param everySteps steps between rows of metrics.csv and lines of the log
 * @param samples whether each rank lists the samples of every step
 * @param jsonLines whether the rows of metrics.csv are also written as JSON, to metrics.jsonl
 * @param stragglerFactor ranks whose own work takes longer than this factor times the median are
 *     named in the log
 */
public record ReportRecipe(int everySteps, boolean samples, boolean jsonLines, double stragglerFactor) {
    public ReportRecipe {
        Limits.atLeast("report.every_steps", everySteps, 1);
        Limits.above("report.straggler_factor", stragglerFactor, 1);
    }
}
