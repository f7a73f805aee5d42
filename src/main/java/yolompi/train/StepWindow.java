package yolompi.train;

import yolompi.checkpoint.LossSums;
import yolompi.report.StepReport;

/** Sums up the steps since the last row of metrics.csv. */
final class StepWindow {
    private final long startNanos = System.nanoTime();
    private final long waitNanosBefore;
    private long pausedNanos;
    private long timedSteps;
    private LossSums losses;

    /**
     * Starts now.
     *
     * @param waitNanosBefore how long training had waited for images until now
     * @param losses of the row's steps that were done before this process began
     */
    StepWindow(long waitNanosBefore, LossSums losses) {
        this.waitNanosBefore = waitNanosBefore;
        this.losses = losses;
    }

    /** A step that was left out counts for the time alone. */
    void add(TrainStep.Result result) {
        timedSteps++;
        if (result.finite()) {
            losses = losses.plus(result.loss(), result.box(), result.object(), result.classes());
        }
    }

    LossSums losses() {
        return losses;
    }

    /** Leaves out time that was spent on something else than training. */
    void pause(long nanos) {
        pausedNanos += nanos;
    }

    /** Means over the steps so far; of losses over those that were not left out, no numbers where all were. */
    StepReport summary(int epoch, long stepsDone, double learningRate, long waitNanos, int globalBatch) {
        double nanos = System.nanoTime() - startNanos - pausedNanos;
        return new StepReport(
                epoch,
                stepsDone,
                losses.mean(),
                losses.box() / losses.steps(),
                losses.object() / losses.steps(),
                losses.classes() / losses.steps(),
                learningRate,
                1e9 * timedSteps * globalBatch / nanos,
                (waitNanos - waitNanosBefore) / nanos);
    }
}
