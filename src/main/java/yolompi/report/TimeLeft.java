package yolompi.report;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Expects the remaining steps to take as long as those of this process did, evaluations and checkpoints among them. */
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
