package yolompi.train.log;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import yolompi.distributed.Communicator;
import yolompi.report.metrics.RankTime;

/** Measures where this rank's step time goes, and compares it with the other ranks. */
final class RankTimes {
    private static final double NANOS_PER_MILLI = 1e6;

    /**
     * Time spent since the start of the run.
     *
     * @param stepsDone since the start of training
     * @param dataWaitNanos waiting for images
     * @param communicationNanos communicating with other ranks
     */
    record Spent(long stepsDone, long dataWaitNanos, long communicationNanos) {}

    private final Communicator ranks;
    private final List<String> hosts;
    private long begin = System.nanoTime();
    private Spent before;
    private long pausedNanos;
    private long pausedCommunicationNanos;

    /** Starts measuring; collective. */
    RankTimes(Communicator ranks, long stepsDone) {
        this.ranks = ranks;
        this.hosts = ranks.allGather(ranks.world().host());
        this.before = new Spent(stepsDone, 0, ranks.status().waitedNanos());
    }

    /** Excludes time that was not spent on training. */
    void pause(long nanos, long communicationNanos) {
        pausedNanos += nanos;
        pausedCommunicationNanos += communicationNanos;
    }

    /** Returns the mean times of every rank since the last call, by rank; collective. */
    List<RankTime> gather(Spent spent) {
        double perStep = 1 / (NANOS_PER_MILLI * (spent.stepsDone() - before.stepsDone()));
        long end = System.nanoTime();
        double[] own = {
            (end - begin - pausedNanos) * perStep,
            (spent.dataWaitNanos() - before.dataWaitNanos()) * perStep,
            (spent.communicationNanos() - before.communicationNanos() - pausedCommunicationNanos) * perStep
        };
        begin = end;
        before = spent;
        pausedNanos = 0;
        pausedCommunicationNanos = 0;
        List<String> all = ranks.allGather(own[0] + " " + own[1] + " " + own[2]);
        return IntStream.range(0, all.size())
                .mapToObj(rank -> time(spent.stepsDone(), rank, all.get(rank).split(" ", 3)))
                .toList();
    }

    private RankTime time(long step, int rank, String[] millis) {
        return new RankTime(
                step,
                rank,
                hosts.get(rank),
                "rank %d of %d on %s".formatted(rank, hosts.size(), hosts.get(rank)),
                Double.parseDouble(millis[0]),
                Double.parseDouble(millis[1]),
                Double.parseDouble(millis[2]));
    }

    /** Finds ranks that all others wait for. */
    static final class Stragglers {
        private final double factor;
        private final Set<Integer> known = new HashSet<>();

        /**
         * A rank is slow if its own work takes more than {@code factor} times that of the median
         * rank.
         */
        Stragglers(double factor) {
            this.factor = factor;
        }

        /** Returns a line for each rank that has become slow since the last call. */
        List<String> newlyFoundIn(List<RankTime> times) {
            // Lower median: with two ranks, one can be slow too.
            double median = times.stream().mapToDouble(RankTime::ownMs).sorted().toArray()[(times.size() - 1) / 2];
            List<RankTime> slow = times.stream()
                    .filter(time -> time.ownMs() > factor * median)
                    .toList();
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
}
