package yolompi.dist;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A running {@code mpirun} with its ranks. Closing it kills whatever of it is still alive. */
public final class RankJob implements AutoCloseable {
    private static final int LAST_LINES = 30;
    private static final Duration POLL = Duration.ofMillis(20);

    private final Process mpirun;
    private final Path folder;
    private final int ranks;
    private final long startNanos = System.nanoTime();
    private final Duration timeLimit;

    RankJob(Process mpirun, Path folder, int ranks, Duration timeLimit) {
        this.mpirun = mpirun;
        this.folder = folder;
        this.ranks = ranks;
        this.timeLimit = timeLimit;
    }

    static File launcherOutput(Path folder) {
        return folder.resolve("mpirun.out").toFile();
    }

    /** Waits for the end of all ranks; at the time limit it kills them and fails with each rank's last lines. */
    public RankOutcome await() {
        waitUntil(() -> !mpirun.isAlive(), "to end");
        return new RankOutcome(
                mpirun.exitValue(),
                IntStream.range(0, ranks).mapToObj(this::output).toList(),
                read(launcherOutput(folder).toPath()),
                elapsed());
    }

    /** Waits until a rank has written {@code text}; fails at the time limit, or when the job ends before. */
    public void awaitOutput(int rank, String text) {
        waitUntil(() -> !mpirun.isAlive() || output(rank).contains(text), "for rank " + rank + " to write: " + text);
        if (!output(rank).contains(text)) {
            throw new AssertionError("the job ended before rank " + rank + " wrote: " + text + lastLines());
        }
    }

    /** The process of a rank, to signal or kill it; waits until it has started. */
    public ProcessHandle process(int rank) {
        Path pidFile = folder.resolve(rank + ".pid");
        waitUntil(() -> read(pidFile).endsWith("\n"), "for the start of rank " + rank);
        long pid = Long.parseLong(read(pidFile).strip());
        return ProcessHandle.of(pid).orElseThrow(() -> new AssertionError("rank " + rank + " is gone" + lastLines()));
    }

    /** The launcher's own process. */
    public ProcessHandle launcher() {
        return mpirun.toHandle();
    }

    /** What a rank has written so far. */
    public String output(int rank) {
        return read(folder.resolve(rank + ".out"));
    }

    @Override
    public void close() {
        killAll();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills the ranks together with their launcher: once mpirun is gone, its ranks can no longer be found as its descendants. */
    private void killAll() {
        List<ProcessHandle> tree = Stream.concat(mpirun.descendants(), Stream.of(mpirun.toHandle()))
                .toList();
        tree.forEach(ProcessHandle::destroyForcibly);
        tree.forEach(process -> process.onExit().orTimeout(10, TimeUnit.SECONDS).join());
    }

    private void waitUntil(BooleanSupplier condition, String what) {
        while (!condition.getAsBoolean()) {
            if (elapsed().compareTo(timeLimit) > 0) {
                String lastLines = lastLines();
                killAll();
                throw new AssertionError("waited " + timeLimit.toSeconds() + " s in vain " + what
                        + "; killed mpirun and its ranks" + lastLines);
            }
            pause();
        }
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    private String lastLines() {
        Stream<String> byRank =
                IntStream.range(0, ranks).mapToObj(rank -> "\n-- rank " + rank + ":\n" + tail(output(rank)));
        String launcher = "\n-- mpirun:\n" + tail(read(launcherOutput(folder).toPath()));
        return Stream.concat(byRank, Stream.of(launcher)).collect(Collectors.joining());
    }

    private static String tail(String output) {
        List<String> lines = output.lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    }

    /** The file's text so far; empty as long as it is not there. */
    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for ranks", e);
        }
    }
}
