package yolompi.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;
import yolompi.InputException;
import yolompi.bench.LoaderBenchmark.Cache;
import yolompi.data.ImageEncoding;
import yolompi.data.ImageFileFixture;
import yolompi.data.augment.Augmenter;
import yolompi.data.loader.BatchLoader;
import yolompi.data.sampler.MultiScale;
import yolompi.data.sampler.RankShare;
import yolompi.data.sampler.SampleOrder;
import yolompi.data.shard.PageCache;
import yolompi.data.shard.ShardSet;
import yolompi.pack.PackFixture;

class LoaderBenchmarkTest {
    private static final int IMAGES = 12;
    private static final int IMAGE_BYTES = 450_000;
    private static final Set<String> ON_DISKS = Set.of("ext4", "ext3", "xfs", "btrfs");

    /** In the build folder, because the default temporary folder may be in memory. */
    @TempDir(factory = BuildFolder.class)
    private static Path folder;

    private static ShardSet shards;

    private static final class BuildFolder implements TempDirFactory {
        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext test) throws IOException {
            return Files.createTempDirectory(Files.createDirectories(Path.of("target")), "loader-benchmark-");
        }
    }

    /** Six shards of one MiB with two images each. */
    @BeforeAll
    static void pack() throws IOException {
        PackFixture fixture = new PackFixture(folder);
        for (int i = 0; i < IMAGES; i++) {
            fixture.add(
                    "image%02d.jpg".formatted(i),
                    Arrays.copyOf(ImageFileFixture.jpeg(64, 64), IMAGE_BYTES),
                    "1,1,20,20,cat");
        }
        PackFixture.pack(fixture.options(0, ImageEncoding.JPEG, 1, 2));
        shards = ShardSet.open(fixture.out());
        assertThat(shards.recordCounts()).isEqualTo(List.of(2, 2, 2, 2, 2, 2));
    }

    @AfterAll
    static void close() {
        shards.close();
    }

    @Test
    void eachRankLoadsItsShareOfTheSteps() {
        SampleOrder order = SampleOrder.full(IMAGES, 3);
        for (int rank = 0; rank < 2; rank++) {
            LoaderBenchmark benchmark = benchmark(new RankShare(6, 2, rank, 2), 1);
            LoaderBenchmark.Result result = benchmark.run(order);
            assertThat(result.images()).isEqualTo(3);
            assertThat(result.bytes()).isEqualTo(3L * IMAGE_BYTES);
            assertThat(result.seconds()).isPositive();
        }
    }

    @Test
    void atMostOneEpochIsRead() {
        LoaderBenchmark benchmark = benchmark(new RankShare(5, 0, 0, 1), 50);
        assertThat(benchmark.steps()).isEqualTo(2);
        assertThat(benchmark.run(SampleOrder.full(IMAGES, 3)).images()).isEqualTo(10);
        assertThat(benchmark(new RankShare(20, 0, 0, 1), 50).steps()).isEqualTo(1);
    }

    @Test
    void windowReadsFewerShardsPerStep() {
        LoaderBenchmark benchmark = benchmark(new RankShare(4, 0, 0, 1), 3);
        double inWindows = benchmark.shardsPerStep(SampleOrder.windows(shards.recordCounts(), 1, 3));
        assertThat(inWindows).isEqualTo(2);
        assertThat(benchmark.shardsPerStep(SampleOrder.full(IMAGES, 3))).isGreaterThan(inWindows);
    }

    /**
     * Repeats until it succeeds: the kernel evicts only pages that are written back, counts other
     * reads of this JVM, and may evict pages at any time.
     */
    @Tag("program")
    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void evictedShardsAreReadFromDiskAndThenFromMemory() throws IOException, InterruptedException {
        String fileSystem = Files.getFileStore(folder).type();
        assumeTrue(
                ON_DISKS.contains(fileSystem),
                "the kernel may not count reads of %s, the file system of %s: build on one of %s"
                        .formatted(fileSystem, folder, ON_DISKS));
        assumeTrue(
                PageCache.diskBytesRead().isPresent(),
                "/proc/self/io lacks read_bytes: run on a Linux that counts them (CONFIG_TASK_IO_ACCOUNTING)");
        LoaderBenchmark benchmark = benchmark(new RankShare(IMAGES, 0, 0, 1), 1);
        SampleOrder order = SampleOrder.full(IMAGES, 3);
        while (diskBytes(benchmark, Cache.COLD, order) < IMAGES * IMAGE_BYTES / 2) {
            Thread.sleep(100);
        }
        while (diskBytes(benchmark, Cache.WARM, order) >= IMAGE_BYTES) {
            Thread.sleep(100);
        }
    }

    private static long diskBytes(LoaderBenchmark benchmark, Cache cache, SampleOrder order) {
        benchmark.prepare(cache);
        return benchmark.run(order).diskBytes().orElseThrow();
    }

    @Tag("program")
    @Test
    void missingFileIsNamedWhenEvicted() {
        assertThatThrownBy(() -> PageCache.evict(List.of(folder.resolve("none.h5"))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("none.h5")
                .hasMessageContaining("omit --cold");
    }

    private static LoaderBenchmark benchmark(RankShare share, long steps) {
        Augmenter augmenter = Augmenter.letterbox();
        return new LoaderBenchmark(
                shards, augmenter, share, MultiScale.always(64), new BatchLoader.Settings(2, 2), steps);
    }
}
