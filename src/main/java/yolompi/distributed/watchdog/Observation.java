package yolompi.distributed.watchdog;

import java.util.Optional;

/** What a watching rank has seen of one rank. Times are seconds of the watcher's own clock. */
final class Observation {
    private final int rank;
    private final String name;

    private Doing doing = Doing.NOTHING_YET;
    private Optional<String> failure = Optional.empty();
    private RankProcess.State state = RankProcess.State.ELSEWHERE;
    private boolean left;
    private double heardAt;
    private double changedAt;
    private double stoppedAt;
    private double toldAt = Double.POSITIVE_INFINITY;
    private double failedAt = Double.POSITIVE_INFINITY;

    Observation(int rank, String name) {
        this.rank = rank;
        this.name = name;
    }

    void hear(RankMessage message, double now) {
        heardAt = now;
        if (message.doing().changes() != doing.changes()) {
            changedAt = now;
        }
        doing = message.doing();
        left |= message.kind() == RankMessage.Kind.LEAVING;
        if (message.toldToEnd()) {
            toldAt = Math.min(toldAt, now);
        }
        if (!message.failure().isEmpty()) {
            failure = Optional.of(message.failure());
            failedAt = Math.min(failedAt, now);
        }
    }

    void look(RankProcess.State seen, double now) {
        state = seen;
        if (state != RankProcess.State.STOPPED) {
            stoppedAt = now;
        }
    }

    int rank() {
        return rank;
    }

    boolean left() {
        return left;
    }

    RankView view(double now) {
        return new RankView(
                rank,
                name,
                doing,
                now - changedAt,
                now - heardAt,
                state,
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
