package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.data.PackedShapes;
import yolompi.ranks.RankJob;
import yolompi.ranks.RankLauncher;

/**
 * Native memory does not grow: the garbage collector does not free native memory that a step leaks.
 * The limit is 2 % of about 280 MiB over 750 steps, so the test finds leaks of 7.6 KiB per step or
 * more.
 */
@Tag("mpi")
class NativeMemoryTest {
    @TempDir
    private Path folder;

    /**
     * An epoch has 50 steps. The run evaluates and saves after every third epoch, and saves between
     * them.
     */
    @ParameterizedTest
    @ValueSource(strings = {"gloo", "mpi"})
    void nativeMemoryIsConstantOverThousandSteps(String backend) throws IOException {
        Path recipe = PackedShapes.in(folder, 200, 4).recipe("memory", PackedShapes.SMALL, """
                model.sync_batch_norm = true
                dist.backend = "%s"
                train.epochs = 25
                train.batch = 4
                data.size = 32
                eval.every_epochs = 3
                checkpoint.last_every_epochs = 3
                checkpoint.every_steps = 111
                """.formatted(backend));
        Path run = folder.resolve("run");
        List<NavigableMap<Long, Long>> residentBytesAtStep = List.of(new TreeMap<>(), new TreeMap<>());
        // Makes the whole heap resident from the start, so that its growth does not look like a
        // leak.
        try (RankJob job = RankLauncher.ofMain(Main.class)
                .ranks(2)
                .jvmFlags("-Xms128m", "-Xmx128m", "-XX:+AlwaysPreTouch", "-XX:MaxDirectMemorySize=256m")
                // By default, glibc raises these thresholds when blocks are freed, and then keeps
                // more memory.
                .environment("MALLOC_MMAP_THRESHOLD_", "131072")
                .environment("MALLOC_TRIM_THRESHOLD_", "131072")
                .within(Duration.ofMinutes(10))
                .start("train", recipe.toString(), "--run-dir", run.toString())) {
            List<ProcessHandle> ranks = List.of(job.process(0), job.process(1));
            while (ranks.get(0).isAlive()) {
                for (int rank = 0; rank < 2; rank++) {
                    sample(ranks.get(rank), run.resolve("metrics.csv"), residentBytesAtStep.get(rank));
                }
                pause();
            }
            assertThat(job.await().exitCode()).isZero();
        }
        for (NavigableMap<Long, Long> ofRank : residentBytesAtStep) {
            double early = meanBytes(ofRank, 250, 500);
            double late = meanBytes(ofRank, 1000, 1250);
            System.out.printf("%s: %.1f MiB, later %.1f MiB%n", backend, early / (1 << 20), late / (1 << 20));
            assertThat(late / early).as("bytes at each step: " + ofRank).isCloseTo(1, within(0.02));
        }
    }

    private static void sample(ProcessHandle rank, Path table, NavigableMap<Long, Long> residentBytesAtStep)
            throws IOException {
        long bytes = residentBytes(rank);
        String[] row =
                Files.exists(table) ? lastWholeLine(Files.readString(table)).split(",", -1) : new String[] {""};
        if (row[0].equals("step") && bytes > 0) {
            residentBytesAtStep.put(Long.valueOf(row[2]), bytes);
        }
    }

    /** Anonymous resident bytes, without the code of libraries; 0 after the end of the process. */
    private static long residentBytes(ProcessHandle process) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                    .filter(line -> line.startsWith("RssAnon:"))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }

    private static String lastWholeLine(String text) {
        int end = text.lastIndexOf('\n');
        return text.substring(text.lastIndexOf('\n', end - 1) + 1, Math.max(0, end));
    }

    private static double meanBytes(NavigableMap<Long, Long> residentBytesAtStep, long from, long to) {
        return residentBytesAtStep.subMap(from, to).values().stream()
                .mapToLong(Long::longValue)
                .average()
                .orElseThrow();
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
