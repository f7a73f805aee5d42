package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.data.PackedShapes;
import yolompi.dist.RankJob;
import yolompi.dist.RankLauncher;

/** Memory outside of the heap is nobody's to collect: whatever a step forgets to free stays until the end. */
@Tag("mpi")
class NativeMemoryTest {
    private static final long FEW_MIB = 8 << 20;

    @TempDir
    private Path folder;

    /** Twenty steps an epoch, evaluated and saved after every fifth epoch. */
    @Test
    void residentMemoryIsFlatOverFiveHundredStepsWithEvaluationsAndCheckpoints() throws IOException {
        Path recipe = PackedShapes.in(folder, 40, 4).recipe("memory", """
                train.epochs = 28
                train.batch = 2
                data.size = 32
                eval.every_epochs = 5
                checkpoint.last_every_epochs = 5
                """);
        Path run = folder.resolve("run");
        NavigableMap<Long, Long> residentBytesAtStep = new TreeMap<>();
        // A heap that is all there from the start, so that it does not look like a leak as it grows.
        try (RankJob job = RankLauncher.ofMain(Main.class)
                .jvmFlags("-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch", "-XX:MaxDirectMemorySize=256m")
                // Left alone, glibc raises its thresholds as blocks are freed, and then keeps more of them: that is no
                // leak either.
                .environment("MALLOC_MMAP_THRESHOLD_", "131072")
                .environment("MALLOC_TRIM_THRESHOLD_", "131072")
                .within(Duration.ofMinutes(4))
                .start("train", recipe.toString(), "--run-dir", run.toString())) {
            ProcessHandle rank = job.process(0);
            while (rank.isAlive()) {
                sample(rank, run.resolve("metrics.csv"), residentBytesAtStep);
                pause();
            }
            assertThat(job.await().exitCode()).isZero();
        }
        assertThat(residentBytesAtStep.lastKey()).isGreaterThanOrEqualTo(500);

        double early = meanResidentBytes(residentBytesAtStep, 100, 180);
        double late = meanResidentBytes(residentBytesAtStep, 480, 560);
        assertThat(late).as("bytes at each step: " + residentBytesAtStep).isLessThan(1.03 * early + FEW_MIB);
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

    /** What the kernel says; 0 when the process is gone. */
    private static long residentBytes(ProcessHandle process) {
        try {
            String pages = Files.readString(Path.of("/proc", Long.toString(process.pid()), "statm"));
            return 4096 * Long.parseLong(pages.split(" ", -1)[1]);
        } catch (IOException e) {
            return 0;
        }
    }

    private static String lastWholeLine(String text) {
        int end = text.lastIndexOf('\n');
        return text.substring(text.lastIndexOf('\n', end - 1) + 1, Math.max(0, end));
    }

    private static double meanResidentBytes(NavigableMap<Long, Long> residentBytesAtStep, long from, long to) {
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
