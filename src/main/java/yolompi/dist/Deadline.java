package yolompi.dist;

import java.util.Optional;
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
    private static final long LOOK_MILLIS = 100;

    private final String what;
    private final int seconds;
    private final long beganNanos;
    private final CountDownLatch met = new CountDownLatch(1);

    /**
     * Uses the times passed to {@link #poll}.
     *
     * @param what all ranks must do, such as {@code join}
     * @param nanos the time now
     */
    Deadline(String what, int seconds, long nanos) {
        this.what = what;
        this.seconds = seconds;
        this.beganNanos = nanos;
    }

    /** Begins to count on a thread of its own, which ends this process when it is too late. */
    static Deadline start(String what) {
        Deadline deadline = new Deadline(what, Integer.getInteger(SECONDS, DEFAULT_SECONDS), System.nanoTime());
        Thread thread = new Thread(deadline::watch, "deadline");
        thread.setDaemon(true);
        thread.start();
        return deadline;
    }

    private void watch() {
        try {
            Optional<String> late = Optional.empty();
            while (late.isEmpty() && !met.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                late = poll(System.nanoTime());
            }
            late.ifPresent(Deadline::end);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What to tell the user when it is too late; empty before the deadline, and once all ranks were there. */
    Optional<String> poll(long nanos) {
        boolean late = met.getCount() > 0 && nanos - beganNanos >= TimeUnit.SECONDS.toNanos(seconds);
        return late ? Optional.of(message()) : Optional.empty();
    }

    private String message() {
        return ("yolo-mpi: a rank on %s waited %d s for all ranks to %s the job; a rank is stopped, lost or very slow;"
                        + " set -D%s=SECONDS to wait longer")
                .formatted(Host.name(), seconds, what, SECONDS);
    }

    private static void end(String message) {
        System.err.println(message);
        System.err.flush();
        Signals.endBy("KILL");
    }

    /** All ranks were there in time. */
    @Override
    public void close() {
        met.countDown();
    }
}
