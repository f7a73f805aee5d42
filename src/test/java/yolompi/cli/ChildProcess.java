package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Starts programs for a test, and sends signals to processes. */
final class ChildProcess {
    private static final Map<String, Integer> NUMBERS = Map.of("USR1", 10, "TERM", 15);
    private static final long GIVE_UP_NANOS = TimeUnit.MINUTES.toNanos(5);

    private ChildProcess() {}

    /** Runs a short program and requires success. */
    static void run(String... command) throws IOException {
        Process ended = new ProcessBuilder(command)
                .start()
                .onExit()
                .orTimeout(5, TimeUnit.MINUTES)
                .join();
        assertThat(ended.exitValue()).isZero();
    }

    static void signal(String name, ProcessHandle process) throws IOException {
        run("kill", "-" + name, Long.toString(process.pid()));
    }

    /**
     * Waits until a rank has received a stop signal: a second later it removes its handler, which
     * {@code /proc} shows.
     */
    static void awaitHeard(String name, ProcessHandle rank) {
        long began = System.nanoTime();
        while (handles(NUMBERS.get(name), rank)) {
            assertThat(System.nanoTime() - began).as("no %s", name).isLessThan(GIVE_UP_NANOS);
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }
    }

    private static boolean handles(int signal, ProcessHandle process) {
        try {
            String mask = Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                    .filter(line -> line.startsWith("SigCgt:"))
                    .findFirst()
                    .orElseThrow();
            return new BigInteger(mask.substring("SigCgt:".length()).strip(), 16).testBit(signal - 1);
        } catch (IOException e) {
            return false; // the process has ended
        }
    }
}
