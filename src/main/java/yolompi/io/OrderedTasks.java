package yolompi.io;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Runs a task on several threads and delivers the results in the order of the inputs, with few
 * results in memory.
 */
public final class OrderedTasks implements AutoCloseable {
    private static final int RESULTS_AHEAD_PER_THREAD = 4;
    private static final int CLOSE_SECONDS = 30;

    private final ExecutorService threads;
    private final int ahead;

    public OrderedTasks(int threadCount) {
        threads = Executors.newFixedThreadPool(threadCount);
        ahead = threadCount * RESULTS_AHEAD_PER_THREAD;
    }

    /**
     * Consumes the inputs and calls {@code sink} on the calling thread. The first exception of
     * {@code task} is thrown to the caller.
     */
    public <T, R> void forEach(Iterable<T> inputs, Function<T, R> task, Consumer<R> sink) {
        Deque<Future<R>> pending = new ArrayDeque<>();
        for (T input : inputs) {
            pending.add(threads.submit(() -> task.apply(input)));
            if (pending.size() >= ahead) {
                sink.accept(result(pending.remove()));
            }
        }
        while (!pending.isEmpty()) {
            sink.accept(result(pending.remove()));
        }
    }

    private static <R> R result(Future<R> future) {
        try {
            return future.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(failure.getCause());
        }
    }

    /**
     * Stops the threads and waits for their current tasks, so that none still writes into a folder
     * that is about to be deleted.
     */
    @Override
    public void close() {
        threads.shutdownNow();
        try {
            threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
