package yolompi.train.stop;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import yolompi.distributed.world.Signals;

/**
 * Handles signals that ask a training to stop: TERM, USR1 (which mpirun forwards without a time
 * limit), and one more. The first signal only sets a flag; a second one of the same kind ends the
 * process immediately.
 */
public final class StopSignal implements AutoCloseable {
    private static final String TERM = "TERM";
    /**
     * A scheduler may signal both mpirun, which forwards it, and the ranks: both count as one
     * request.
     */
    private static final Duration SAME_REQUEST = Duration.ofSeconds(1);

    private final Duration sameRequest;
    private final Set<String> heard = ConcurrentHashMap.newKeySet();
    private volatile Optional<String> received = Optional.empty();

    private Runnable formerTerm = () -> {};

    private StopSignal(Duration sameRequest) {
        this.sameRequest = sameRequest;
    }

    /** Starts to handle USR1 as early as possible: until then, USR1 would end the process. */
    public static StopSignal early() {
        return early(SAME_REQUEST);
    }

    /** Same, with another time within which signals of one kind count as one request. */
    static StopSignal early(Duration sameRequest) {
        StopSignal signal = new StopSignal(sameRequest);
        signal.hearFrom(Stopping.Rules.DEFAULT_SIGNAL);
        return signal;
    }

    /**
     * Starts to handle the other signals too.
     *
     * @param name of the signal in addition to TERM and USR1, such as URG
     * @throws yolompi.InputException if there is no such signal
     */
    void listen(String name) {
        if (!name.equals(Stopping.Rules.DEFAULT_SIGNAL)) {
            hearFrom(name);
        }
        formerTerm = hearFrom(TERM);
    }

    private Runnable hearFrom(String name) {
        return Signals.on(name, () -> hear(name));
    }

    /** Returns the last received signal, if any. */
    Optional<String> received() {
        return received;
    }

    /** Runs on the signal's own thread. */
    private void hear(String name) {
        received = Optional.of(name);
        if (heard.add(name)) {
            pause();
            // The next signal makes the kernel end the process: a normal JVM exit would run
            // LibTorch's destructors while its threads still compute.
            Signals.leaveToKernel(name);
        }
    }

    private void pause() {
        try {
            Thread.sleep(sameRequest.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Restores TERM's handler. The other signals stay handled, because a late one must not disturb
     * the end.
     */
    @Override
    public void close() {
        formerTerm.run();
    }
}
