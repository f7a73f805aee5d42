package yolompi.checkpoint;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import yolompi.io.DaemonThreads;

/**
 * Saves checkpoints on a background thread, one at a time. Only one thread may call it. After a
 * failed save, {@link #failure} returns the reason and nothing more is saved.
 */
public final class CheckpointWriter {
    private final CheckpointStore store;

    private CountDownLatch done = new CountDownLatch(0);
    /** Written by the saving thread before it opens {@code done}. */
    private volatile Optional<Saved> saved = Optional.empty();

    private volatile Optional<String> failure = Optional.empty();
    private volatile Duration took = Duration.ZERO;

    /** A checkpoint that is on disk. */
    public record Saved(Path file, boolean best) {}

    public CheckpointWriter(CheckpointStore store) {
        this.store = store;
    }

    /** Whether a save is in progress. */
    public boolean isBusy() {
        return done.getCount() > 0;
    }

    /**
     * Starts a save. The tensors of the request must keep their values until it is done.
     *
     * @throws IllegalStateException if another save is in progress
     */
    public void begin(SaveRequest request) {
        if (isBusy()) {
            throw new IllegalStateException("a save is under way");
        }
        if (failure.isPresent()) {
            return;
        }
        CountDownLatch latch = new CountDownLatch(1);
        done = latch;
        DaemonThreads.start("checkpoint-writer", () -> save(request, latch));
    }

    /** Saves on the calling thread, and returns afterwards. */
    public void saveNow(SaveRequest request) {
        if (failure.isEmpty()) {
            save(request, done);
        }
    }

    private void save(SaveRequest request, CountDownLatch latch) {
        long begin = System.nanoTime();
        try {
            saved = Optional.of(new Saved(store.save(request), request.best()));
        } catch (RuntimeException | Error e) {
            failure = Optional.of(e.getMessage() == null ? e.toString() : e.getMessage());
        } finally {
            took = Duration.ofNanos(System.nanoTime() - begin);
            latch.countDown();
        }
    }

    /** Waits until no save is in progress. */
    public void await() {
        await(Duration.ofSeconds(Long.MAX_VALUE));
    }

    /** Waits until no save is in progress, at most this long; returns whether none is. */
    public boolean await(Duration longest) {
        try {
            return done.await(longest.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !isBusy();
        }
    }

    /** Returns the checkpoint saved since the last call, if any. */
    public Optional<Saved> takeSaved() {
        Optional<Saved> file = isBusy() ? Optional.empty() : saved;
        if (file.isPresent()) {
            saved = Optional.empty();
        }
        return file;
    }

    /** Returns why a save failed. */
    public Optional<String> failure() {
        return failure;
    }

    /** Duration of the last save, until the file was on disk. */
    public Duration took() {
        return took;
    }
}
