package yolompi.distributed.watchdog;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import yolompi.distributed.world.Host;
import yolompi.distributed.world.Signals;
import yolompi.io.DaemonThreads;

/**
 * Time-out for joining and leaving the job. It ends this process, and the launcher then ends all
 * others. The {@link Watchdog} does not watch these phases, and MPI itself would wait forever
 * for a stopped or lost rank.
 */
public final class JoinTimeout implements AutoCloseable {
    /**
     * System property: seconds that all ranks have to join the job, counted from the start of MPI
     * on this rank, and to leave it.
     */
    static final String SECONDS = "yolompi.join.seconds";

    private static final int DEFAULT_SECONDS = 600;
    private static final long LOOK_MILLIS = 100;

    private final String what;
    private final int seconds;
    private final long beganNanos;
    private final CountDownLatch met = new CountDownLatch(1);

    /**
     * Creates a time-out that does not watch the clock; see {@link #poll}.
     *
     * @param what what all ranks must do, such as {@code join}
     * @param nanos current time
     */
    JoinTimeout(String what, int seconds, long nanos) {
        this.what = what;
        this.seconds = seconds;
        this.beganNanos = nanos;
    }

    /** Starts a thread that ends this process when the time is over. */
    public static JoinTimeout start(String what) {
        JoinTimeout deadline = new JoinTimeout(what, Integer.getInteger(SECONDS, DEFAULT_SECONDS), System.nanoTime());
        DaemonThreads.start("deadline", deadline::watch);
        return deadline;
    }

    private void watch() {
        try {
            Optional<String> late = Optional.empty();
            while (late.isEmpty() && !met.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                late = poll(System.nanoTime());
            }
            late.ifPresent(JoinTimeout::end);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The error message once the time is over. Empty before, and once all ranks have arrived. */
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

    /** Cancels the time-out: all ranks arrived in time. */
    @Override
    public void close() {
        met.countDown();
    }
}
