package yolompi.report.console;

import java.time.Duration;

/** Formats durations for people. */
public final class Durations {
    private Durations() {}

    /** The two largest units: {@code 8s}, {@code 9m12s}, {@code 1h05m}, {@code 2d03h}. */
    public static String text(Duration duration) {
        long seconds = Math.max(0, duration.plusMillis(500).toSeconds());
        long minutes = seconds / 60;
        long hours = minutes / 60;
        if (minutes == 0) {
            return seconds + "s";
        }
        if (hours == 0) {
            return "%dm%02ds".formatted(minutes, seconds % 60);
        }
        return hours < 24 ? "%dh%02dm".formatted(hours, minutes % 60) : "%dd%02dh".formatted(hours / 24, hours % 24);
    }
}
