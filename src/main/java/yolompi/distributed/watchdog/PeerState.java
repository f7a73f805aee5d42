package yolompi.distributed.watchdog;

import java.util.Optional;
import yolompi.distributed.watchdog.HeartbeatChannel.Heartbeat;
import yolompi.distributed.watchdog.RankStatus.ActivitySnapshot;

/**
 * State of a rank, as a watching rank knows it. Times are in seconds, and count only while the
 * watcher was awake.
 *
 * @param name of the rank in messages: {@code rank 3 of 8 on node07}
 * @param sameFor time without progress
 * @param silentFor time since its last message
 * @param stoppedFor time since it was seen stopped; 0 if it is not
 * @param terminatingFor time since it reported SIGTERM; 0 if it did not
 * @param failure why it failed; empty if it did not
 * @param failedFor time since it reported the failure
 * @param left whether it has ended normally
 */
record PeerState(
        int rank,
        String name,
        ActivitySnapshot doing,
        double sameFor,
        double silentFor,
        RankProcess.State process,
        double stoppedFor,
        double terminatingFor,
        Optional<String> failure,
        double failedFor,
        boolean left) {
    /** Whether it cannot be waiting for another rank. */
    boolean works() {
        return !doing.waits() && doing.activity() != Activity.BACKWARD;
    }

    boolean gone() {
        return process == RankProcess.State.GONE;
    }

    /**
     * Whether it sends no messages and its process is not visible. On this machine the process
     * itself is visible.
     */
    boolean silentFor(double seconds) {
        return process == RankProcess.State.ELSEWHERE && silentFor >= seconds;
    }

    /**
     * Follows the state of one rank over time. Times are seconds of the watcher's own clock.
     */
    static final class Tracker {
        private final int rank;
        private final String name;

        private ActivitySnapshot doing = ActivitySnapshot.NOTHING_YET;
        private Optional<String> failure = Optional.empty();
        private RankProcess.State process = RankProcess.State.ELSEWHERE;
        private boolean left;
        private double heardAt;
        private double changedAt;
        private double stoppedAt;
        private double toldAt = Double.POSITIVE_INFINITY;
        private double failedAt = Double.POSITIVE_INFINITY;

        Tracker(int rank, String name) {
            this.rank = rank;
            this.name = name;
        }

        void hear(Heartbeat message, double now) {
            heardAt = now;
            if (message.activity().changes() != doing.changes()) {
                changedAt = now;
            }
            doing = message.activity();
            left |= message.kind() == Heartbeat.Kind.LEAVING;
            if (message.terminating()) {
                toldAt = Math.min(toldAt, now);
            }
            if (!message.failure().isEmpty()) {
                failure = Optional.of(message.failure());
                failedAt = Math.min(failedAt, now);
            }
        }

        void look(RankProcess.State seen, double now) {
            process = seen;
            if (process != RankProcess.State.STOPPED) {
                stoppedAt = now;
            }
        }

        int rank() {
            return rank;
        }

        boolean left() {
            return left;
        }

        PeerState at(double now) {
            return new PeerState(
                    rank,
                    name,
                    doing,
                    now - changedAt,
                    now - heardAt,
                    process,
                    now - stoppedAt,
                    since(toldAt, now),
                    failure,
                    since(failedAt, now),
                    left);
        }

        /** Never 0 once the event has happened. */
        private static double since(double moment, double now) {
            return moment > now ? 0 : Math.max(1e-3, now - moment);
        }
    }
}
