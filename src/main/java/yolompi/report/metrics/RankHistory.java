package yolompi.report.metrics;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * One rank's rows of {@code ranks.csv} so far, as columns to save memory: many ranks and long runs
 * give many rows.
 *
 * @param name {@code rank 3 on node07}
 * @param steps last step of each interval, ascending
 * @param ownMs step time without communication
 * @param dataWaitMs time waiting for images
 * @param communicationMs time of communication with other ranks
 */
public record RankHistory(String name, double[] steps, double[] ownMs, double[] dataWaitMs, double[] communicationMs) {
    /**
     * Reads the histories of all ranks of a run. The list is empty if the run has no such table.
     *
     * @throws yolompi.InputException if a row is malformed; the message names it
     */
    public static List<RankHistory> read(Path runFolder) {
        Map<String, Columns> byRank = new LinkedHashMap<>();
        TableRows.read(
                runFolder.resolve("ranks.csv"), RankTime::parse, row -> byRank.computeIfAbsent(row.name(), Columns::new)
                        .add(row));
        return byRank.values().stream().map(Columns::history).toList();
    }

    /**
     * Step time of a rank in milliseconds: medians over the run.
     *
     * @param name {@code rank 3 on node07}
     * @param ownMs step time without communication
     * @param dataWaitMs time waiting for images
     * @param communicationMs time of communication, mostly waiting for other ranks
     */
    public record Summary(String name, double ownMs, double dataWaitMs, double communicationMs) {}

    /** The summaries of all ranks, slowest first. */
    public static List<Summary> summaries(List<RankHistory> ranks) {
        return ranks.stream()
                .map(rank -> new Summary(
                        rank.name, median(rank.ownMs), median(rank.dataWaitMs), median(rank.communicationMs)))
                .sorted(Comparator.comparingDouble(Summary::ownMs).reversed())
                .toList();
    }

    /** The median of at least one value: of an even number, the mean of the middle two. */
    public static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static final class Columns {
        private final String name;
        private final DoubleStream.Builder steps = DoubleStream.builder();
        private final DoubleStream.Builder own = DoubleStream.builder();
        private final DoubleStream.Builder dataWait = DoubleStream.builder();
        private final DoubleStream.Builder communication = DoubleStream.builder();

        Columns(String name) {
            this.name = name;
        }

        void add(RankTime row) {
            steps.add((double) row.step());
            own.add(row.ownMs());
            dataWait.add(row.dataWaitMs());
            communication.add(row.communicationMs());
        }

        RankHistory history() {
            return new RankHistory(
                    name,
                    steps.build().toArray(),
                    own.build().toArray(),
                    dataWait.build().toArray(),
                    communication.build().toArray());
        }
    }
}
