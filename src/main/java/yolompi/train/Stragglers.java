package yolompi.train;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import yolompi.report.RankTime;

/** Finds the ranks that all others wait for. */
final class Stragglers {
    private final double factor;
    private final Set<Integer> known = new HashSet<>();

    /** Ranks are slow whose own work takes more than {@code factor} times the median rank's. */
    Stragglers(double factor) {
        this.factor = factor;
    }

    /** A line for each rank that is slow and was not the last time. */
    List<String> newlyFoundIn(List<RankTime> times) {
        // Of an even number the faster of the two in the middle: so one of two ranks can be slow, too.
        double median = times.stream().mapToDouble(RankTime::ownMs).sorted().toArray()[(times.size() - 1) / 2];
        List<RankTime> slow =
                times.stream().filter(time -> time.ownMs() > factor * median).toList();
        List<String> lines = slow.stream()
                .filter(time -> !known.contains(time.rank()))
                .map(time -> line(time, median))
                .toList();
        known.clear();
        slow.forEach(time -> known.add(time.rank()));
        return lines;
    }

    private static String line(RankTime time, double median) {
        return String.format(
                Locale.ROOT,
                "step %d: %s is slow: %.0f ms per step without waiting for other ranks, %.1f times the median;"
                        + " %.0f ms of it waiting for images",
                time.step(),
                time.name(),
                time.ownMs(),
                time.ownMs() / median,
                time.dataWaitMs());
    }
}
