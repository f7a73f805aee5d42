package yolompi.ranks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A running {@code mpirun} with its ranks. Closing it kills all processes that are still alive and
 * keeps their output, see {@link RankLogs}.
 */
public final class RankJob implements AutoCloseable {
    private static final long POLL_MILLIS = 5;

    /** Starts when it is created. */
    record TimeLimit(long seconds, long endNanos) {
        TimeLimit(Duration length) {
            this(length.toSeconds(), System.nanoTime() + length.toNanos());
        }

        boolean isOver() {
            return System.nanoTime() - endNanos > 0;
        }
    }

    private final Process mpirun;
    private final RankFolder folder;
    private final TimeLimit limit;

    RankJob(Process mpirun, RankFolder folder, Duration timeLimit) {
        this.mpirun = mpirun;
        this.folder = folder;
        this.limit = new TimeLimit(timeLimit);
    }

    /**
     * Waits for the end of all ranks. At the time limit it kills them and fails with each rank's
     * last lines.
     */
    public RankOutcome await() {
        waitUntil(() -> false, "for the end of all ranks");
        return new RankOutcome(mpirun.exitValue(), folder.outputs(), RankFolder.read(folder.launcherFile()));
    }

    /**
     * Waits until a rank has written {@code text}. Fails at the time limit, or if the job ends
     * before.
     */
    public void awaitOutput(int rank, String text) {
        waitUntil(() -> output(rank).contains(text), "for rank " + rank + " to write: " + text);
        if (!output(rank).contains(text)) {
            throw new AssertionError("the job ended before rank " + rank + " wrote: " + text + folder.lastLines());
        }
    }

    /** The process of a rank, to signal or kill. Waits until it has started. */
    public ProcessHandle process(int rank) {
        Path pidFile = folder.path().resolve(rank + ".pid");
        waitUntil(() -> RankFolder.read(pidFile).endsWith("\n"), "for the start of rank " + rank);
        long pid = Long.parseLong(RankFolder.read(pidFile).strip());
        return ProcessHandle.of(pid)
                .orElseThrow(() -> new AssertionError("rank " + rank + " is gone" + folder.lastLines()));
    }

    /** The launcher's own process. */
    public ProcessHandle launcher() {
        return mpirun.toHandle();
    }

    /** What a rank has written so far. */
    public String output(int rank) {
        return folder.output(rank);
    }

    RankFolder folder() {
        return folder;
    }

    /**
     * Kills the ranks together with their launcher: after the end of mpirun, its ranks can no
     * longer be found as its descendants.
     */
    @Override
    public void close() {
        List<ProcessHandle> tree = Stream.concat(mpirun.descendants(), Stream.of(mpirun.toHandle()))
                .toList();
        tree.forEach(ProcessHandle::destroyForcibly);
        tree.forEach(process -> process.onExit().orTimeout(5, TimeUnit.MINUTES).join());
    }

    private void waitUntil(BooleanSupplier condition, String what) {
        waitUntil(condition, what, limit, folder);
    }

    /**
     * Waits for a condition or the end of the job. At the limit it kills the job and fails with the
     * last lines of a folder.
     */
    void waitUntil(BooleanSupplier condition, String what, TimeLimit limit, RankFolder output) {
        while (!condition.getAsBoolean() && mpirun.isAlive()) {
            if (limit.isOver()) {
                String lastLines = output.lastLines();
                close();
                throw new AssertionError(
                        "waited " + limit.seconds() + " s " + what + "; killed mpirun and its ranks" + lastLines);
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for ranks", e);
        }
    }
}
