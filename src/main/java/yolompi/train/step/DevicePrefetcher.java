package yolompi.train.step;

import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import yolompi.data.Batch;
import yolompi.data.StepBatches;
import yolompi.data.loader.BatchLoader;
import yolompi.io.DaemonThreads;
import yolompi.torch.DeviceContext;

/**
 * Moves a loader's steps to the device. With a GPU, a thread stages the images of the next step
 * while the current one is computed. Like the loader it is for one consumer thread; close it before
 * the loader.
 */
public final class DevicePrefetcher implements AutoCloseable {
    private static final long CLOSE_SECONDS = 5;

    private final BooleanSupplier hasNext;
    private final Supplier<StepBatches> loader;
    private final TrainStep step;
    private final Optional<ExecutorService> thread;
    private Optional<Future<StepBatches>> ahead = Optional.empty();
    private long waitNanos;

    /** Starts to stage the first step. */
    public static DevicePrefetcher of(BatchLoader loader, TrainStep step, DeviceContext device) {
        return new DevicePrefetcher(loader::hasNext, loader::next, step, device);
    }

    DevicePrefetcher(BooleanSupplier hasNext, Supplier<StepBatches> loader, TrainStep step, DeviceContext device) {
        this.hasNext = hasNext;
        this.loader = loader;
        this.step = step;
        this.thread = device.onGpu()
                ? Optional.of(Executors.newSingleThreadExecutor(DaemonThreads.named("feed")))
                : Optional.empty();
        begin();
    }

    private void begin() {
        ahead = thread.filter(any -> hasNext.getAsBoolean()).map(executor -> executor.submit(this::load));
    }

    private StepBatches load() {
        StepBatches loaded = loader.get();
        loaded.batches().forEach(step::stage);
        return loaded;
    }

    /** Repeats the same batch, without a loader. */
    public static DevicePrefetcher repeating(StepBatches ready, TrainStep step, DeviceContext device) {
        return new DevicePrefetcher(() -> true, () -> copyOf(ready), step, device);
    }

    /** Batches are staged by identity, not by content. */
    private static StepBatches copyOf(StepBatches ready) {
        return new StepBatches(
                ready.step(),
                ready.batches().stream()
                        .map(batch -> new Batch(batch.samples(), batch.size(), batch.images(), batch.boxes()))
                        .toList());
    }

    /** Whether there is another step. */
    public boolean hasNext() {
        return thread.isPresent() ? ahead.isPresent() : hasNext.getAsBoolean();
    }

    /** Waits for the next step; fails if the loader fails. */
    public StepBatches next() {
        long begin = System.nanoTime();
        StepBatches next = ahead.map(DevicePrefetcher::result).orElseGet(loader);
        waitNanos += System.nanoTime() - begin;
        begin();
        return next;
    }

    private static StepBatches result(Future<StepBatches> ahead) {
        try {
            return ahead.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a step's images", e);
        }
    }

    /** Returns the total time that {@link #next} has waited: training stalled for lack of data. */
    public long waitNanos() {
        return waitNanos;
    }

    @Override
    public void close() {
        thread.ifPresent(executor -> {
            executor.shutdownNow();
            try {
                executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            step.unstage();
        });
    }
}
