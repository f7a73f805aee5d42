package yolompi.dist;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ends this process where joining or leaving the job takes too long: the {@link RankMonitor} does not watch yet, or no more, and MPI itself
 * would wait for a stopped or lost rank for ever. The launcher then ends all others.
 */
final class Deadline implements AutoCloseable {
    /** System property: seconds that all ranks have to join the job, from MPI's start on this one, and to leave it; more for very slow starts. */
    static final String SECONDS = "yolompi.join.seconds";

    private static final int DEFAULT_SECONDS = 600;

    private final String what;
    private final int seconds = Integer.getInteger(SECONDS, DEFAULT_SECONDS);
    private final CountDownLatch met = new CountDownLatch(1);

    /**
     * Begins to count.
     *
     * @param what all ranks must do, such as {@code join}
     */
    Deadline(String what) {
        this.what = what;
        Thread thread = new Thread(this::watch, "deadline");
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        try {
            if (!met.await(seconds, TimeUnit.SECONDS)) {
                System.err.printf(
                        "yolo-mpi: a rank on %s waited %d s for all ranks to %s the job; one of them is stopped, lost or"
                                + " very slow to start; -D%s=N waits longer%n",
                        Host.name(), seconds, what, SECONDS);
                System.err.flush();
                Signals.endBy("KILL");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** All ranks were there in time. */
    @Override
    public void close() {
        met.countDown();
    }
}
