package yolompi.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process at random moments while it saves checkpoints. */
@Tag("program")
final class KilledWhileSavingTest {
    private static final int ROUNDS = 12;

    @TempDir
    Path run;

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void newestCheckpointIsValidAfterAKillDuringASave() throws IOException, InterruptedException {
        Path folder = run.resolve("checkpoints");
        Random random = new Random(7);
        long saved = 0;
        for (int round = 0; round < ROUNDS; round++) {
            saved = killAfter(1 + round % 3, random.nextInt(20_000), folder, saved);

            List<String> reports = new ArrayList<>();
            CheckpointStore store = new CheckpointStore(folder, SavingProgram.KEEP_LAST);
            CheckpointStore.Found found = store.newestValid(reports::add).orElseThrow();

            // The process may be killed after a save and before its line of output.
            assertThat(found.state().step()).as("round %d: %s", round, reports).isBetween(saved, saved + 1);
            assertThat(reports).allMatch(line -> line.contains("left by an interrupted save"));
            for (NamedTensor tensor : SavingProgram.tensors(found.state().step())) {
                assertThat(found.checkpoint()
                                .tensor(tensor.name())
                                .orElseThrow()
                                .bytes())
                        .isEqualTo(tensor.bytes());
            }
            saved = found.state().step();
        }
        assertThat(saved).as("checkpoints saved in all rounds").isGreaterThan(ROUNDS);
        // Periodic checkpoints, the best, the newest, one not yet removed, and leftovers of the
        // last kill.
        assertThat(names(folder)).hasSizeLessThanOrEqualTo((int) (saved / 50) + 1 + SavingProgram.KEEP_LAST + 1 + 3);
    }

    /**
     * Kills a process soon after it has saved a few checkpoints; returns the last step that it
     * printed.
     */
    private long killAfter(int states, int micros, Path folder, long savedBefore)
            throws IOException, InterruptedException {
        Path output = run.resolve("output");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SavingProgram.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            while (steps(output).size() < states) {
                assertThat(process.isAlive())
                        .as(() -> "the process saves: " + output)
                        .isTrue();
                TimeUnit.MILLISECONDS.sleep(2);
            }
            TimeUnit.MICROSECONDS.sleep(micros);
        } finally {
            process.destroyForcibly();
            process.waitFor();
        }
        return steps(output).stream().mapToLong(Long::longValue).max().orElse(savedBefore);
    }

    private static List<Long> steps(Path output) throws IOException {
        String text = Files.readString(output);
        return text.substring(0, text.lastIndexOf('\n') + 1)
                .lines()
                .filter(line -> line.matches("\\d+"))
                .map(Long::valueOf)
                .toList();
    }

    private static List<Path> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
