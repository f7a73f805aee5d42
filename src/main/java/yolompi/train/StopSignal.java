package yolompi.train;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Hears signals that ask a training to stop: TERM, and one more. The first only leaves a note; a second of the same kind ends the process at
 * once.
 *
 * <p>TERM is also what {@code mpirun} sends to the other ranks when one of them is dead. They would wait for it in their next collective, for
 * nothing: so a rank that was told to end by TERM, and takes much longer for a step than steps take, ends at once too.
 */
final class StopSignal implements AutoCloseable {
    private static final String TERM = "TERM";
    /** A scheduler may signal both mpirun, which forwards it, and the ranks: that is one request. */
    private static final Duration SAME_REQUEST = Duration.ofSeconds(1);

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration WITHOUT_LIMIT = Duration.ofDays(10_000);

    /** What the process is allowed for what it is doing now, and since when. */
    private record Allowance(Duration duration, long sinceNanos) {}

    private final Map<String, Long> firstNanos = new ConcurrentHashMap<>();
    private volatile Optional<String> received = Optional.empty();
    private volatile Allowance allowance = new Allowance(WITHOUT_LIMIT, System.nanoTime());

    private StopSignal() {}

    /**
     * Begins to hear.
     *
     * @param name of the signal beside TERM, such as USR1
     * @throws yolompi.InputException where there is no such signal
     */
    static StopSignal listen(String name) {
        StopSignal signal = new StopSignal();
        OsSignal.onReceipt(name, () -> signal.hear(name));
        OsSignal.onReceipt(TERM, () -> signal.hear(TERM));
        return signal;
    }

    /** The signal that came, if any. */
    Optional<String> received() {
        return received;
    }

    /** Something that waits for other ranks begins; after TERM it may take so long. */
    void allow(Duration duration) {
        allowance = new Allowance(duration, System.nanoTime());
    }

    /** Something begins that may take as long as it takes. */
    void allowAnyTime() {
        allow(WITHOUT_LIMIT);
    }

    private void hear(String name) {
        long now = System.nanoTime();
        Long first = firstNanos.putIfAbsent(name, now);
        if (first == null) {
            received = Optional.of(name);
            if (name.equals(TERM)) {
                watch(now);
            }
        } else if (now - first > SAME_REQUEST.toNanos()) {
            endAtOnce(name);
        }
    }

    private void watch(long termNanos) {
        Thread thread = new Thread(
                () -> {
                    while (!allowanceIsUsedUp(termNanos)) {
                        pause();
                    }
                    endAtOnce(TERM);
                },
                "after-term");
        thread.setDaemon(true);
        thread.start();
    }

    private boolean allowanceIsUsedUp(long termNanos) {
        Allowance now = allowance;
        return System.nanoTime() - Math.max(now.sinceNanos(), termNanos)
                > now.duration().toNanos();
    }

    private static void pause() {
        try {
            Thread.sleep(POLL.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** By the kernel: the JVM's own way out would run LibTorch's destructors while its threads still compute. */
    private static void endAtOnce(String name) {
        OsSignal.leaveToKernel(name);
        OsSignal.raise(name);
    }

    /** Leaves TERM to the kernel again; the other signal stays heard, as one that comes late must not spoil the end. */
    @Override
    public void close() {
        OsSignal.leaveToKernel(TERM);
    }
}
