package yolompi.data.loader;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import yolompi.InputException;
import yolompi.data.SampleRef;
import yolompi.data.SampleSource;
import yolompi.data.StepBatches;
import yolompi.data.augment.Augmenter;
import yolompi.data.loader.PendingStep.Place;
import yolompi.data.sampler.EpochPlan;
import yolompi.data.sampler.EvalPlan;
import yolompi.data.sampler.MultiScale;
import yolompi.data.sampler.RankShare;
import yolompi.geometry.LabeledBox;

/**
 * Reads, decodes and augments the samples of upcoming steps on its own threads while training runs,
 * and delivers the steps in order.
 *
 * <p>The threads share the images of a step, so a single step keeps all of them busy. They claim
 * samples in the order of the steps. A new step begins when all images of the previous one are
 * claimed and fewer than {@code prefetchSteps} steps are pending. The result does not depend on the
 * number of threads. For one consumer thread.
 */
public final class BatchLoader implements AutoCloseable {
    private static final long CLOSE_MILLIS = 5_000;

    private final SampleSource source;
    private final Augmenter augmenter;
    private final StepRange steps;
    private final Settings settings;
    private final List<Thread> threads;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition workMayHaveCome = lock.newCondition();
    private final Condition headMayBeSettled = lock.newCondition();

    /**
     * Steps begun but not yet delivered. The head is delivered next; only the tail has images to
     * claim.
     */
    private final Deque<PendingStep> ahead = new ArrayDeque<>();

    private long nextToBegin;
    private long nextToDeliver;
    private boolean closed;
    private boolean failed;
    private long waitNanos;

    /**
     * The steps that a loader delivers.
     *
     * @param first the first step
     * @param end one past the last
     * @param sizes input size of each step
     * @param microBatches gives the readings of this rank in a step, one list per micro-batch; a
     *     pure function
     */
    public record StepRange(long first, long end, MultiScale sizes, LongFunction<List<List<SampleRef>>> microBatches) {
        public StepRange {
            if (first < 0 || end < first) {
                throw new IllegalArgumentException(
                        "steps from " + first + " up to " + end + ": expected 0 <= first <= end");
            }
        }

        /** The steps of a training run on one rank. */
        public static StepRange of(EpochPlan plan, long first, long end, RankShare share, MultiScale sizes) {
            return new StepRange(first, end, sizes, step -> plan.microBatches(step, share));
        }

        /** The steps of an evaluation on one rank. */
        public static StepRange of(EvalPlan plan, int size) {
            return new StepRange(0, plan.steps(), MultiScale.always(size), step -> List.of(plan.step(step)));
        }
    }

    /**
     * Settings of a loader.
     *
     * @param workers number of threads
     * @param prefetchSteps maximum number of steps that are loaded or in progress ahead of their
     *     request
     */
    public record Settings(int workers, int prefetchSteps) {
        public Settings {
            requirePositive("loader threads", workers);
            requirePositive("steps to load ahead", prefetchSteps);
        }

        private static void requirePositive(String what, int value) {
            if (value < 1) {
                throw new InputException(what + " = " + value + ": expected at least 1");
            }
        }
    }

    private BatchLoader(SampleSource source, Augmenter augmenter, StepRange steps, Settings settings) {
        this.source = source;
        this.augmenter = augmenter;
        this.steps = steps;
        this.settings = settings;
        this.nextToBegin = steps.first();
        this.nextToDeliver = steps.first();
        this.threads = IntStream.range(0, settings.workers())
                .mapToObj(i -> new Thread(this::work, "loader-" + i))
                .toList();
    }

    /** Starts the threads; they begin to load immediately. */
    public static BatchLoader start(SampleSource source, Augmenter augmenter, StepRange steps, Settings settings) {
        BatchLoader loader = new BatchLoader(source, augmenter, steps, settings);
        for (Thread thread : loader.threads) {
            thread.setDaemon(true);
            thread.start();
        }
        return loader;
    }

    /** Whether there is another step to deliver. */
    public boolean hasNext() {
        return nextToDeliver < steps.end();
    }

    /**
     * Waits for the next step.
     *
     * @throws InputException if a sample of the step is damaged
     * @throws IllegalStateException if loading failed for another reason, or the loader is closed
     * @throws NoSuchElementException after the last step
     */
    public StepBatches next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no step " + nextToDeliver + ": the last is " + (steps.end() - 1));
        }
        lock.lock();
        try {
            awaitHead();
            ahead.getFirst().failure().ifPresent(failure -> {
                throw failure;
            });
            PendingStep done = ahead.removeFirst();
            nextToDeliver++;
            workMayHaveCome.signalAll();
            return done.toLoadedStep();
        } finally {
            lock.unlock();
        }
    }

    /** Total time that {@link #next} has waited: the training thread was idle for lack of data. */
    public long waitNanos() {
        return waitNanos;
    }

    /**
     * Stops the threads, each after its current image. A {@link #next} that waits on another thread
     * fails.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            workMayHaveCome.signalAll();
            headMayBeSettled.signalAll();
        } finally {
            lock.unlock();
        }
        joinThreads();
    }

    private void joinThreads() {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_MILLIS);
        try {
            for (Thread thread : threads) {
                thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitHead() {
        long start = System.nanoTime();
        try {
            while (!closed && (ahead.isEmpty() || !ahead.getFirst().isSettled())) {
                headMayBeSettled.await();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for step " + nextToDeliver, interrupted);
        } finally {
            waitNanos += System.nanoTime() - start;
        }
        if (closed) {
            throw new IllegalStateException("the loader was closed before step " + nextToDeliver);
        }
    }

    private void work() {
        for (Optional<Place> place = claim(); place.isPresent(); place = claim()) {
            load(place.get());
        }
    }

    /** Waits for an image to load; empty if there are no more. */
    private Optional<Place> claim() {
        lock.lock();
        try {
            while (!closed && !failed) {
                if (!ahead.isEmpty() && !ahead.getLast().isClaimed()) {
                    return Optional.of(ahead.getLast().claim());
                }
                if (nextToBegin == steps.end()) {
                    return Optional.empty();
                }
                if (ahead.size() < settings.prefetchSteps()) {
                    begin(nextToBegin++);
                } else {
                    workMayHaveCome.awaitUninterruptibly();
                }
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private void begin(long step) {
        PendingStep begun;
        try {
            begun = new PendingStep(
                    step, steps.microBatches().apply(step), steps.sizes().at(step));
        } catch (Throwable thrown) {
            begun = PendingStep.failed(step, describe("beginning step " + step, thrown));
            failed = true;
        }
        ahead.addLast(begun);
        workMayHaveCome.signalAll();
        headMayBeSettled.signalAll();
    }

    private void load(Place place) {
        SampleRef ref = place.sample();
        try {
            List<LabeledBox> boxes = augmenter.augment(source, ref, place.size(), place.images(), place.offset());
            settle(() -> place.owner().finish(place, boxes));
        } catch (Throwable thrown) {
            RuntimeException failure = describe("loading sample " + ref.index() + " of epoch " + ref.epoch(), thrown);
            settle(() -> {
                place.owner().fail(failure);
                failed = true;
                workMayHaveCome.signalAll();
            });
        }
    }

    private void settle(Runnable change) {
        lock.lock();
        try {
            change.run();
            headMayBeSettled.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Keeps the worker's stack trace as the cause, because the exception is thrown on another
     * thread.
     */
    private static RuntimeException describe(String doing, Throwable thrown) {
        return thrown instanceof InputException
                ? new InputException(thrown.getMessage(), thrown)
                : new IllegalStateException(doing + " failed: " + thrown, thrown);
    }
}
