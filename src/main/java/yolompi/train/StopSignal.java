package yolompi.train;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import yolompi.dist.Signals;

/**
 * Hears signals that ask a training to stop: TERM, USR1, which mpirun passes on without a limit of time, and one more. The first only leaves a note; a second of the same kind ends the process at
 * once.
 */
public final class StopSignal implements AutoCloseable {
    private static final String TERM = "TERM";
    /** A scheduler may signal both mpirun, which forwards it, and the ranks: that is one request. */
    private static final Duration SAME_REQUEST = Duration.ofSeconds(1);

    private final Duration sameRequest;
    private final Set<String> heard = ConcurrentHashMap.newKeySet();
    private volatile Optional<String> received = Optional.empty();

    private Runnable formerTerm = () -> {};

    private StopSignal(Duration sameRequest) {
        this.sameRequest = sameRequest;
    }

    /** Begins to hear USR1: as soon as the process runs, since one that comes while it joins its job would end it. */
    public static StopSignal early() {
        return early(SAME_REQUEST);
    }

    /** The same, where signals of one kind within another time are one request. */
    static StopSignal early(Duration sameRequest) {
        StopSignal signal = new StopSignal(sameRequest);
        signal.hearFrom(StopRules.DEFAULT_SIGNAL);
        return signal;
    }

    /**
     * Begins to hear the others, too.
     *
     * @param name of the signal beside TERM and USR1, such as URG
     * @throws yolompi.InputException where there is no such signal
     */
    void listen(String name) {
        if (!name.equals(StopRules.DEFAULT_SIGNAL)) {
            hearFrom(name);
        }
        formerTerm = hearFrom(TERM);
    }

    private Runnable hearFrom(String name) {
        return Signals.on(name, () -> hear(name));
    }

    /** The signal that came last, if any. */
    Optional<String> received() {
        return received;
    }

    /** On a thread of the signal's own. */
    private void hear(String name) {
        received = Optional.of(name);
        if (heard.add(name)) {
            pause();
            // The kernel ends the process at the next: the JVM's own way out would run LibTorch's destructors while its
            // threads still compute.
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

    /** Gives TERM back; the other signal stays heard, as one that comes late must not spoil the end. */
    @Override
    public void close() {
        formerTerm.run();
    }
}
