package yolompi.train;

import java.time.Duration;

/** How long steps take: the longest of late, by which time left is judged. */
final class StepTimes {
    /** By so much the longest is forgotten with each step: halved after a hundred. */
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
