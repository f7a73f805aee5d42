package yolompi.train.log;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import yolompi.report.metrics.RankTime;

/** Finds ranks that all others wait for. */
final class Stragglers {
    private final double factor;
    private final Set<Integer> known = new HashSet<>();

    /**
     * A rank is slow if its own work takes more than {@code factor} times that of the median rank.
     */
    Stragglers(double factor) {
        this.factor = factor;
    }

    /** Returns a line for each rank that has become slow since the last call. */
    List<String> newlyFoundIn(List<RankTime> times) {
        // Lower median: with two ranks, one can be slow too.
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
