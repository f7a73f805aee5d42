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
import yolompi.distributed.world.SlurmJob;

/**
 * Ensures that only one training uses a run folder: two would overwrite each other's files. The
 * kernel releases the lock when the process ends, however it ends. File systems without locks give
 * no protection.
 */
public final class RunLock implements AutoCloseable {
    /** Name of the lock file in the run folder. The file is never deleted. */
    public static final String FILE = ".lock";
    /** Time until a file server notices that the node of the job's previous start is lost. */
    private static final Duration LATE = Duration.ofMinutes(2);

    private final FileChannel channel;

    private RunLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Locks an existing folder.
     *
     * @param host host of this process, for messages of other processes
     * @throws InputException if another process uses the folder; the message names it
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
                    throw new InputException("%s is in use by %s; wait until it ends, or choose another --run-dir"
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
            return false; // this process holds the lock
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
