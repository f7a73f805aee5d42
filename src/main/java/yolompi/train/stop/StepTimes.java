package yolompi.train.stop;

import java.time.Duration;

/** Measures the longest recent step, to judge whether the time left is enough for another one. */
final class StepTimes {
    /** Factor on the longest time with each step: halved after a hundred steps. */
    private static final double FADING = 0.993;

    private long beginNanos = System.nanoTime();
    private double longestNanos;

    void begin() {
        beginNanos = System.nanoTime();
    }

    void end() {
        longestNanos = Math.max(FADING * longestNanos, (double) (System.nanoTime() - beginNanos));
    }

    Duration longest() {
        return Duration.ofNanos((long) longestNanos);
    }
}
