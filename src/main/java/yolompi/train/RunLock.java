package yolompi.train;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import yolompi.InputException;
import yolompi.dist.SlurmJob;

/**
 * Keeps a run folder to one training at a time: two would write into each other's files. The kernel gives the lock back when the process ends,
 * however it does. Where the file system knows no locks, nothing is kept.
 */
public final class RunLock implements AutoCloseable {
    /** In the folder; it stays there. */
    public static final String FILE = ".lock";
    /** A file server notices late that the node is lost where the job ran before. */
    private static final Duration LATE = Duration.ofMinutes(2);

    private final FileChannel channel;

    private RunLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock of a folder that is there.
     *
     * @param host this process's, for others to read
     * @throws InputException where another process trains in it, naming that
     */
    public static RunLock take(Path folder, String host) {
        return take(folder, host, SlurmJob.id(), LATE);
    }

    static RunLock take(Path folder, String host, Optional<String> job, Duration late) {
        Path file = folder.resolve(FILE);
        try {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            long end = System.nanoTime() + late.toNanos();
            while (!isOurs(channel)) {
                String holder = Files.readString(file).strip();
                boolean itself = job.map(id -> holder.startsWith(owner(id))).orElse(false);
                if (!itself || System.nanoTime() > end) {
                    channel.close();
                    throw new InputException(
                            "%s is in use by %s; wait until it ends, or choose another --run-dir"
                                    .formatted(folder, holder.isEmpty() ? "another process" : holder));
                }
                pause();
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(describe(host, job).getBytes(StandardCharsets.UTF_8)), 0);
            return new RunLock(channel);
        } catch (IOException e) {
            throw new InputException(
                    folder + ": can't write the run folder: " + e.getMessage() + "; choose another --run-dir", e);
        }
    }

    private static boolean isOurs(FileChannel channel) {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false; // this process trains in it
        } catch (IOException e) {
            return true; // "no locks available": the file system has none
        }
    }

    private static String owner(String job) {
        return "job " + job + ",";
    }

    private static String describe(String host, Optional<String> job) {
        return "%s process %d on %s%n"
                .formatted(
                        job.map(RunLock::owner).orElse("the"),
                        ProcessHandle.current().pid(),
                        host);
    }

    private static void pause() {
        try {
            Thread.sleep(500);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a run folder", e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
