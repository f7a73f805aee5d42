package yolompi.data.loader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.InputException;
import yolompi.data.Batch;
import yolompi.data.MemorySamples;
import yolompi.data.ReadingSource;
import yolompi.data.SampleSource;
import yolompi.data.StepBatches;
import yolompi.data.augment.Augmenter;
import yolompi.data.loader.BatchLoader.StepRange;
import yolompi.data.sampler.EpochPlan;
import yolompi.data.sampler.EvalPlan;
import yolompi.data.sampler.MultiScale;
import yolompi.data.sampler.RankShare;
import yolompi.data.sampler.SampleOrder;
import yolompi.recipe.AugmentRecipe;
import yolompi.recipe.Recipes;

@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class BatchLoaderTest {
    private static final int SIZE = 64;
    private static final MemorySamples SAMPLES = MemorySamples.drawn(23);
    private static final AugmentRecipe STRONG = Recipes.strongAugment("rotate=10");

    private static final Augmenter COMPOSING = Augmenter.training(
            Recipes.augmentOnly("flip=0.5", "scale=0.5", "mosaic=0.5", "mixup=0.5", "close_mosaic_epochs=1"), 5, 9);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void stepsComeInOrderWithTheSamePixelsFromAnyNumberOfThreads(int workers) {
        List<StepBatches> expected = loadAll(SAMPLES, 1, 1);
        List<StepBatches> steps = loadAll(SAMPLES, workers, 5);
        assertThat(steps).hasSize(30);
        for (int i = 0; i < steps.size(); i++) {
            assertThat(steps.get(i).step()).isEqualTo(i);
            assertThat(steps.get(i))
                    .usingRecursiveComparison()
                    .withEqualsForType(Arrays::equals, byte[].class) // AssertJ's own comparison takes minutes
                    .withEqualsForType(Arrays::equals, float[].class)
                    .isEqualTo(expected.get(i));
        }
        assertThat(steps.stream().flatMap(step -> step.batches().stream()).map(Batch::size))
                .contains(SIZE, 96);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 8})
    void unionOfAllRanksHasTheSamePixelsForAnyWorldSize(int world) {
        EpochPlan plan = new EpochPlan(SampleOrder.full(SAMPLES.size(), 5), 16);
        List<ByteBuffer> expected = images(plan, 0, 1);
        List<ByteBuffer> union = new ArrayList<>();
        for (int rank = 0; rank < world; rank++) {
            union.addAll(images(plan, rank, world));
        }
        assertThat(union).hasSize(16).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void batchIsSplitIntoMicroBatches() {
        EpochPlan plan = new EpochPlan(SampleOrder.full(SAMPLES.size(), 5), 10);
        try (BatchLoader loader = start(
                SAMPLES,
                StepRange.of(plan, 3, 4, new RankShare(10, 4, 0, 1), MultiScale.always(SIZE)),
                new BatchLoader.Settings(2, 1))) {
            StepBatches step = loader.next();
            assertThat(step.batches()).extracting(Batch::imageCount).containsExactly(3, 3, 4);
            assertThat(step.imageCount()).isEqualTo(10);
            assertThat(step.batches().stream().flatMap(batch -> batch.samples().stream()))
                    .containsExactlyElementsOf(plan.globalBatch(3));
            assertThat(step.batches())
                    .allSatisfy(batch -> assertThat(batch.images()).hasSize(batch.imageCount() * SIZE * SIZE * 3));
        }
    }

    @Test
    void boxesHaveTheirImageIndexAndIgnoredBoxesAreSkipped() {
        EvalPlan plan = new EvalPlan(SAMPLES.size(), 5, 0, 1);
        Augmenter letterbox = Augmenter.letterbox();
        try (BatchLoader loader =
                BatchLoader.start(SAMPLES, letterbox, StepRange.of(plan, SIZE), new BatchLoader.Settings(3, 2))) {
            int seen = 0;
            while (loader.hasNext()) {
                Batch batch = loader.next().batches().get(0);
                assertThat(batch.boxCount()).isEqualTo(batch.imageCount());
                for (int i = 0; i < batch.imageCount(); i++) {
                    assertThat(batch.samples().get(i).index()).isEqualTo(seen);
                    assertThat(batch.boxes()[i * 6]).isEqualTo(i);
                    assertThat(batch.boxes()[i * 6 + 1]).isEqualTo(seen % 4);
                    seen++;
                }
            }
            assertThat(seen).isEqualTo(SAMPLES.size());
            assertThatThrownBy(loader::next).isInstanceOf(NoSuchElementException.class);
        }
    }

    @Test
    void stepWithoutImagesIsDelivered() {
        StepRange steps = new StepRange(0, 3, MultiScale.always(SIZE), step -> List.of());
        try (BatchLoader loader = start(SAMPLES, steps, new BatchLoader.Settings(2, 1))) {
            for (int step = 0; step < 3; step++) {
                assertThat(loader.next()).isEqualTo(new StepBatches(step, List.of()));
            }
        }
    }

    @Test
    void allThreadsLoadImagesOfTheSameStep() throws InterruptedException {
        Set<String> readers = ConcurrentHashMap.newKeySet();
        CountDownLatch together = new CountDownLatch(4);
        ReadingSource meeting = new ReadingSource(4, index -> {
            readers.add(Thread.currentThread().getName());
            together.countDown();
            await(together);
            return SAMPLES.read(index);
        });
        EvalPlan plan = new EvalPlan(4, 4, 0, 1);
        try (BatchLoader loader = start(meeting, StepRange.of(plan, SIZE), new BatchLoader.Settings(4, 1))) {
            assertThat(loader.next().imageCount()).isEqualTo(4);
        }
        assertThat(readers).containsExactlyInAnyOrder("loader-0", "loader-1", "loader-2", "loader-3");
    }

    @Test
    void loaderPrefetchesAtMostTheConfiguredNumberOfSteps() throws InterruptedException {
        AtomicInteger reads = new AtomicInteger();
        AtomicInteger allowed = new AtomicInteger(4 * 2);
        AtomicInteger tooMany = new AtomicInteger();
        ReadingSource counting = new ReadingSource(SAMPLES.size(), index -> {
            if (reads.incrementAndGet() > allowed.get()) {
                tooMany.incrementAndGet();
            }
            return SAMPLES.read(index);
        });
        EpochPlan plan = new EpochPlan(SampleOrder.full(SAMPLES.size(), 5), 4);
        try (BatchLoader loader = start(
                counting,
                StepRange.of(plan, 0, 50, new RankShare(4, 0, 0, 1), MultiScale.always(SIZE)),
                new BatchLoader.Settings(3, 2))) {
            for (int delivered = 0; delivered < 48; delivered++) {
                while (reads.get() < allowed.get()) {
                    Thread.sleep(1);
                }
                allowed.addAndGet(4);
                loader.next();
            }
        }
        assertThat(tooMany).hasValue(0);
    }

    @Test
    void closingReleasesAWaitingConsumer() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        ReadingSource stuck = new ReadingSource(4, index -> {
            await(never);
            return SAMPLES.read(index);
        });
        BatchLoader loader = start(stuck, StepRange.of(new EvalPlan(4, 4, 0, 1), SIZE), new BatchLoader.Settings(2, 1));
        CompletableFuture<StepBatches> waiting = new CompletableFuture<>();
        Thread consumer = new Thread(() -> waiting.completeAsync(loader::next, Runnable::run), "consumer");
        consumer.start();
        while (consumer.getState() != Thread.State.WAITING) {
            Thread.sleep(1);
        }
        CompletableFuture<Void> closing = CompletableFuture.runAsync(loader::close);
        assertThatThrownBy(waiting::join).hasMessageContaining("closed before step 0");
        never.countDown();
        closing.join();
        assertThat(loader.waitNanos()).isGreaterThan(0);
    }

    @Test
    void closingStopsThreadsThatWaitForPrefetchSpace() throws InterruptedException {
        EpochPlan plan = new EpochPlan(SampleOrder.full(SAMPLES.size(), 5), 4);
        Set<Thread> workers = ConcurrentHashMap.newKeySet();
        ReadingSource watched = new ReadingSource(SAMPLES.size(), index -> {
            workers.add(Thread.currentThread());
            return SAMPLES.read(index);
        });
        BatchLoader loader = start(
                watched,
                StepRange.of(plan, 0, 50, new RankShare(4, 0, 0, 1), MultiScale.always(SIZE)),
                new BatchLoader.Settings(3, 2));
        loader.next();
        loader.close();
        assertThat(workers).isNotEmpty().noneMatch(Thread::isAlive);
        assertThatThrownBy(loader::next).hasMessageContaining("closed before step 1");
    }

    @Test
    void invalidSettingsAreRejected() {
        assertThatThrownBy(() -> new BatchLoader.Settings(0, 1))
                .isInstanceOf(InputException.class)
                .hasMessage("loader threads = 0: expected at least 1");
        assertThatThrownBy(() -> Batch.bytesOf(64, 4096))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("use a smaller batch");
    }

    private static List<StepBatches> loadAll(SampleSource source, int workers, int prefetch) {
        EpochPlan plan = new EpochPlan(SampleOrder.full(source.size(), 5), 6);
        List<StepBatches> steps = new ArrayList<>();
        MultiScale sizes = new MultiScale(List.of(SIZE, 96), 5, 3);
        try (BatchLoader loader = BatchLoader.start(
                source,
                COMPOSING,
                StepRange.of(plan, 0, 30, new RankShare(6, 4, 0, 1), sizes),
                new BatchLoader.Settings(workers, prefetch))) {
            while (loader.hasNext()) {
                steps.add(loader.next());
            }
        }
        return steps;
    }

    private static List<ByteBuffer> images(EpochPlan plan, int rank, int world) {
        List<ByteBuffer> images = new ArrayList<>();
        StepRange steps = StepRange.of(plan, 4, 5, new RankShare(16, 0, rank, world), MultiScale.always(SIZE));
        try (BatchLoader loader = BatchLoader.start(SAMPLES, COMPOSING, steps, new BatchLoader.Settings(2, 1))) {
            Batch batch = loader.next().batches().get(0);
            int bytes = batch.images().length / batch.imageCount();
            for (int i = 0; i < batch.imageCount(); i++) {
                images.add(ByteBuffer.wrap(batch.images(), i * bytes, bytes));
            }
        }
        return images;
    }

    private static BatchLoader start(SampleSource source, StepRange steps, BatchLoader.Settings settings) {
        return BatchLoader.start(source, Augmenter.training(STRONG, 5, 100), steps, settings);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
