package yolompi.dist;

import java.util.Optional;

/**
 * What a watching rank knows of a rank. All times are those that the watcher was awake itself, in seconds.
 *
 * @param name of the rank in messages: {@code rank 3 of 8 on node07}
 * @param sameFor since it last began something
 * @param silentFor since its last message
 * @param stoppedFor since it was seen stopped; 0 where it is not
 * @param toldToEndFor since it said that it had got the signal TERM; 0 where it did not
 * @param failure why it failed; empty where it did not
 * @param failedFor since it said so
 * @param left whether it has ended in good order
 */
record RankView(
        int rank,
        String name,
        Doing doing,
        double sameFor,
        double silentFor,
        RankProcess.State process,
        double stoppedFor,
        double toldToEndFor,
        Optional<String> failure,
        double failedFor,
        boolean left) {
    /** Whether its work is its own: it can't be waiting for another rank. */
    boolean works() {
        return !doing.waits() && doing.activity() != Activity.BACKWARD;
    }

    boolean gone() {
        return process == RankProcess.State.GONE;
    }

    /** Whether nothing is seen of it but messages that don't come. A process on this machine is seen itself. */
    boolean silentFor(double seconds) {
        return process == RankProcess.State.ELSEWHERE && silentFor >= seconds;
    }
}
