package yolompi.train.log;

import yolompi.checkpoint.TrainState.LossSums;
import yolompi.report.console.StepReport;
import yolompi.train.step.TrainStep;

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
     * @param losses losses of the row's steps that an earlier process did
     */
    StepWindow(long waitNanosBefore, LossSums losses) {
        this.waitNanosBefore = waitNanosBefore;
        this.losses = losses;
    }

    /** A skipped step counts only for the time. */
    void add(TrainStep.Result result) {
        timedSteps++;
        if (result.finite()) {
            losses = losses.plus(result.loss(), result.box(), result.object(), result.classes());
        }
    }

    LossSums losses() {
        return losses;
    }

    /** Excludes time that was not spent on training. */
    void pause(long nanos) {
        pausedNanos += nanos;
    }

    /**
     * Returns means over the steps so far. Means of losses exclude skipped steps, and are NaN if
     * all steps were skipped.
     */
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
