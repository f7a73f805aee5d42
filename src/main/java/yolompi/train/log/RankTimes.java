package yolompi.train.log;

import java.util.List;
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
}
