package yolompi.train;

import yolompi.report.StepReport;

/** Sums up the steps since the last row of metrics.csv. */
final class StepWindow {
    private final long startNanos = System.nanoTime();
    private final long waitNanosBefore;
    private long pausedNanos;
    private long steps;
    private double loss;
    private double box;
    private double object;
    private double classes;

    /** Starts now; {@code waitNanosBefore} is how long training had waited for images until now. */
    StepWindow(long waitNanosBefore) {
        this.waitNanosBefore = waitNanosBefore;
    }

    void add(TrainStep.Result result) {
        steps++;
        loss += result.loss();
        box += result.box();
        object += result.object();
        classes += result.classes();
    }

    /** Leaves out time that was spent on something else than training. */
    void pause(long nanos) {
        pausedNanos += nanos;
    }

    /** Means over the steps so far. */
    StepReport summary(int epoch, long stepsDone, double learningRate, long waitNanos, int globalBatch) {
        double nanos = System.nanoTime() - startNanos - pausedNanos;
        return new StepReport(
                epoch,
                stepsDone,
                loss / steps,
                box / steps,
                object / steps,
                classes / steps,
                learningRate,
                1e9 * steps * globalBatch / nanos,
                (waitNanos - waitNanosBefore) / nanos);
    }
}
