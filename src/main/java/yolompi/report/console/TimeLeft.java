package yolompi.report.console;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Estimates the remaining time from the mean step time of this process, which includes evaluations
 * and checkpoints.
 */
final class TimeLeft {
    private final TrainingProgress.Extent extent;
    private final LongSupplier nanoTime;
    private final long begin;

    TimeLeft(TrainingProgress.Extent extent, LongSupplier nanoTime) {
        this.extent = extent;
        this.nanoTime = nanoTime;
        this.begin = nanoTime.getAsLong();
    }

    String after(long step) {
        long done = step - extent.firstStep();
        if (done <= 0) {
            return "?";
        }
        double nanosPerStep = (double) (nanoTime.getAsLong() - begin) / done;
        return Durations.text(Duration.ofNanos((long) (nanosPerStep * (extent.steps() - step))));
    }
}
