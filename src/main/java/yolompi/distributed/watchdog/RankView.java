package yolompi.distributed.watchdog;

import java.util.Optional;

/**
 * State of a rank, as a watching rank knows it. Times are in seconds, and count only while the
 * watcher was awake.
 *
 * @param name of the rank in messages: {@code rank 3 of 8 on node07}
 * @param sameFor time without progress
 * @param silentFor time since its last message
 * @param stoppedFor time since it was seen stopped; 0 if it is not
 * @param toldToEndFor time since it reported SIGTERM; 0 if it did not
 * @param failure why it failed; empty if it did not
 * @param failedFor time since it reported the failure
 * @param left whether it has ended normally
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
}
