package yolompi.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.InputException;

@Tag("program")
class RunLockTest {
    /** Only ends a hang. */
    private static final Duration LATE = Duration.ofMinutes(5);

    @TempDir
    private Path folder;

    private final List<Process> processes = new ArrayList<>();

    /** Starts a process that holds the lock of the folder. */
    private Process holder(String... job) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                LockProgram.class.getName(),
                folder.toString()));
        command.addAll(List.of(job));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        processes.add(process);
        BufferedReader output = process.inputReader();
        assertThat(output.readLine()).isEqualTo("locked RunLock");
        return process;
    }

    @AfterEach
    void end() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void secondProcessIsRefusedAndTheHolderNamed() throws IOException {
        Process holder = holder("17");

        assertThatThrownBy(() -> RunLock.take(folder, "n2", Optional.of("18"), LATE))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("job 17, process " + holder.pid() + " on n1")
                .hasMessageContaining("--run-dir");
        assertThatThrownBy(() -> RunLock.take(folder, "n2", Optional.empty(), LATE))
                .isInstanceOf(InputException.class);
    }

    @Test
    void killedProcessReleasesTheLock() throws Exception {
        Process holder = holder();
        holder.destroyForcibly().waitFor();

        try (RunLock lock = RunLock.take(folder, "n2", Optional.empty(), Duration.ZERO)) {
            assertThat(lock).isNotNull();
            assertThat(folder.resolve(RunLock.FILE))
                    .content()
                    .startsWith("the process ")
                    .contains(" on n2");
        }
    }

    /** After the loss of a node, the file server may hold the old lock for a while. */
    @Test
    void requeuedJobWaitsForItsOwnLock() throws IOException {
        Process holder = holder("17");
        Thread waiting = Thread.currentThread();
        CompletableFuture<Boolean> ended = CompletableFuture.supplyAsync(() -> {
            while (waiting.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            return holder.destroyForcibly() == null;
        });

        try (RunLock lock = RunLock.take(folder, "n2", Optional.of("17"), LATE)) {
            assertThat(lock).isNotNull();
            assertThat(ended.join()).isFalse();
            assertThat(holder.onExit().join().exitValue()).isNotZero();
        }
    }

    @Test
    void secondTrainingInTheSameProcessIsRefused() throws IOException {
        RunLock first = RunLock.take(folder, "n1", Optional.empty(), Duration.ZERO);
        assertThatThrownBy(() -> RunLock.take(folder, "n1", Optional.empty(), Duration.ZERO))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("the process");
        first.close();
        RunLock.take(folder, "n1", Optional.empty(), Duration.ZERO).close();
    }
}
