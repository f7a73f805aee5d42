package yolompi.bench;

import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import yolompi.data.Sample;
import yolompi.data.SampleSource;
import yolompi.data.augment.Augmenter;
import yolompi.data.loader.BatchLoader;
import yolompi.data.loader.BatchLoader.StepRange;
import yolompi.data.sampler.EpochPlan;
import yolompi.data.sampler.MultiScale;
import yolompi.data.sampler.RankShare;
import yolompi.data.sampler.SampleOrder;
import yolompi.data.shard.PageCache;
import yolompi.data.shard.ShardSet;
import yolompi.data.shard.ShardSet.ShardRows;

/**
 * Measures the speed of the loader without training: reading, decoding and augmenting one rank's
 * share in a given order.
 */
public final class LoaderBenchmark {
    private final ShardSet shards;
    private final Augmenter augmenter;
    private final RankShare share;
    private final MultiScale sizes;
    private final BatchLoader.Settings settings;
    private final long steps;

    /** Where the shards are when the measurement begins. */
    public enum Cache {
        /** In memory, as far as they fit in it. */
        WARM,
        /** On disk only. */
        COLD
    }

    /**
     * The result of one rank.
     *
     * @param images number of images delivered
     * @param bytes size of the stored images that were read
     * @param diskBytes bytes that the kernel read from disk for this process in that time; empty if
     *     the kernel does not count them
     * @param seconds from the start of the loader's threads to the last step
     */
    public record Result(long images, long bytes, OptionalLong diskBytes, double seconds) {}

    /** Counts the bytes read. */
    private record Counted(SampleSource source, AtomicLong bytes) implements SampleSource {
        @Override
        public int size() {
            return source.size();
        }

        @Override
        public Sample read(int index) {
            Sample sample = source.read(index);
            bytes.addAndGet(sample.image().length);
            return sample;
        }
    }

    /**
     * Prepares a measurement.
     *
     * @param mostSteps maximum number of steps; at most one epoch is loaded, because repeated reads
     *     would come from memory
     */
    public LoaderBenchmark(
            ShardSet shards,
            Augmenter augmenter,
            RankShare share,
            MultiScale sizes,
            BatchLoader.Settings settings,
            long mostSteps) {
        this.shards = shards;
        this.augmenter = augmenter;
        this.share = share;
        this.sizes = sizes;
        this.settings = settings;
        this.steps = Math.max(1, Math.min(mostSteps, shards.size() / share.globalBatch()));
    }

    /** Number of steps that each measurement loads. */
    public long steps() {
        return steps;
    }

    /** Loads the shards into memory or evicts them from it. */
    public void prepare(Cache cache) {
        switch (cache) {
            case WARM -> PageCache.fill(shards.files());
            case COLD -> PageCache.evict(shards.files());
        }
    }

    /** Loads the first steps of an order. */
    public Result run(SampleOrder order) {
        Counted source = new Counted(shards, new AtomicLong());
        StepRange range = StepRange.of(new EpochPlan(order, share.globalBatch()), 0, steps, share, sizes);
        OptionalLong diskBefore = PageCache.diskBytesRead();
        long images = 0;
        long begin = System.nanoTime();
        try (BatchLoader loader = BatchLoader.start(source, augmenter.joiningBy(order), range, settings)) {
            while (loader.hasNext()) {
                images += loader.next().imageCount();
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            return new Result(images, source.bytes().get(), since(diskBefore), seconds);
        }
    }

    private static OptionalLong since(OptionalLong before) {
        OptionalLong now = PageCache.diskBytesRead();
        return before.isPresent() && now.isPresent()
                ? OptionalLong.of(now.getAsLong() - before.getAsLong())
                : OptionalLong.empty();
    }

    /** Mean number of shards that all ranks together read from in a step. */
    public double shardsPerStep(SampleOrder order) {
        EpochPlan plan = new EpochPlan(order, share.globalBatch());
        ShardRows rows = new ShardRows(shards.recordCounts());
        return LongStream.range(0, steps)
                .map(step -> plan.globalBatch(step).stream()
                        .map(sample -> rows.of(sample.index()).shard())
                        .distinct()
                        .count())
                .average()
                .orElseThrow();
    }
}
