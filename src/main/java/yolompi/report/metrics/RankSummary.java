package yolompi.report.metrics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Step time of a rank in milliseconds: medians over the run.
 *
 * @param name {@code rank 3 on node07}
 * @param ownMs step time without communication
 * @param dataWaitMs time waiting for images
 * @param communicationMs time of communication, mostly waiting for other ranks
 */
public record RankSummary(String name, double ownMs, double dataWaitMs, double communicationMs) {
    /** All ranks, slowest first. */
    public static List<RankSummary> of(List<RankHistory> ranks) {
        return ranks.stream()
                .map(rank -> new RankSummary(
                        rank.name(), median(rank.ownMs()), median(rank.dataWaitMs()), median(rank.communicationMs())))
                .sorted(Comparator.comparingDouble(RankSummary::ownMs).reversed())
                .toList();
    }

    public static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
