package yolompi.dist;

import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * What a watching rank concludes from the messages and the processes of all ranks: who failed, if any. It has no thread and no clock of its
 * own; its owner tells it the time.
 */
final class FailureDetector {
    /** A watcher that was frozen itself must not blame others for the time that it missed. */
    private static final double MAX_LOOK_SECONDS = 1;
    /** Time for what the others sent meanwhile to arrive: perhaps a verdict on this very rank. */
    private static final double AFTER_FREEZE_SECONDS = 0.5;

    private final World world;
    private final List<Observation> ranks;
    private long lastNanos;
    /** Seconds that this rank was awake. */
    private double now;

    private double judgesAgainAt;

    /**
     * Creates a detector without messages.
     *
     * @param world of the rank that watches
     * @param hosts of all ranks
     * @param nanos the time now
     */
    FailureDetector(World world, List<String> hosts, long nanos) {
        this.world = world;
        this.lastNanos = nanos;
        this.ranks = IntStream.range(0, world.size())
                .mapToObj(rank ->
                        new Observation(rank, "rank %d of %d on %s".formatted(rank, world.size(), hosts.get(rank))))
                .toList();
    }

    /** What follows happens at this time. */
    void advanceTo(long nanos) {
        double passed = (nanos - lastNanos) / 1e9;
        lastNanos = nanos;
        now += Math.min(passed, MAX_LOOK_SECONDS);
        if (passed > MAX_LOOK_SECONDS) {
            judgesAgainAt = now + AFTER_FREEZE_SECONDS;
        }
    }

    void hear(int rank, RankMessage message) {
        ranks.get(rank).hear(message, now);
    }

    /**
     * Looks at the processes and judges; empty as long as the job may go on, and where another rank is to tell the user: the deputy speaks
     * only where rank 0 can't.
     *
     * @param processes how a rank's process is now
     */
    Optional<Verdict> poll(IntFunction<RankProcess.State> processes, Patience patience) {
        if (now < judgesAgainAt) {
            return Optional.empty();
        }
        ranks.forEach(rank -> rank.look(processes.apply(rank.rank()), now));
        List<RankView> views = ranks.stream().map(rank -> rank.view(now)).toList();
        return Verdict.of(views, patience).filter(found -> world.isFirst() || found.silences(0));
    }

    /** Whether all ranks have ended in good order. */
    boolean allLeft() {
        return ranks.stream().allMatch(Observation::left);
    }
}
