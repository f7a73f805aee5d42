package yolompi.distributed.watchdog;

import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import yolompi.distributed.watchdog.HeartbeatChannel.Heartbeat;
import yolompi.distributed.world.World;

/**
 * Finds failed ranks from the heartbeats and processes of all ranks.
 *
 * <p>It has no thread and no clock: its owner passes the time.
 */
final class FailureDetector {
    /** A watcher that was frozen must not blame others for the time that it missed. */
    private static final double MAX_LOOK_SECONDS = 1;
    /** Time for messages sent during the freeze to arrive. One of them may report this rank. */
    private static final double AFTER_FREEZE_SECONDS = 0.5;

    private final World world;
    private final List<PeerState.Tracker> ranks;
    private long lastNanos;
    /** Seconds that this rank was awake. */
    private double now;

    private double judgesAgainAt;

    /**
     * Creates a detector that has received no messages.
     *
     * @param world of the watching rank
     * @param hosts of all ranks
     * @param nanos current time
     */
    FailureDetector(World world, List<String> hosts, long nanos) {
        this.world = world;
        this.lastNanos = nanos;
        this.ranks = IntStream.range(0, world.size())
                .mapToObj(rank -> new PeerState.Tracker(
                        rank, "rank %d of %d on %s".formatted(rank, world.size(), hosts.get(rank))))
                .toList();
    }

    /** Sets the time of the following calls. */
    void advanceTo(long nanos) {
        double passed = (nanos - lastNanos) / 1e9;
        lastNanos = nanos;
        now += Math.min(passed, MAX_LOOK_SECONDS);
        if (passed > MAX_LOOK_SECONDS) {
            judgesAgainAt = now + AFTER_FREEZE_SECONDS;
        }
    }

    void hear(int rank, Heartbeat message) {
        ranks.get(rank).hear(message, now);
    }

    /**
     * Evaluates processes and heartbeats. Empty while the job may continue, and if another rank
     * reports the failure: the deputy reports only if rank 0 cannot.
     *
     * @param processes current state of a rank's process
     */
    Optional<FailureDiagnosis> poll(IntFunction<RankProcess.State> processes, StallTimeouts patience) {
        if (now < judgesAgainAt) {
            return Optional.empty();
        }
        ranks.forEach(rank -> rank.look(processes.apply(rank.rank()), now));
        List<PeerState> states = ranks.stream().map(rank -> rank.at(now)).toList();
        return FailureDiagnosis.of(states, patience).filter(found -> world.isRankZero() || found.silences(0));
    }

    /** Whether all ranks have ended normally. */
    boolean allLeft() {
        return ranks.stream().allMatch(PeerState.Tracker::left);
    }
}
