package yolompi.cli;

import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import yolompi.dist.RankJob;

/**
 * Holds a run after its first steps, until the test lets it go on: the file to which a rank writes the samples of each step, before it takes
 * the step, is a pipe that is almost full and that nobody reads. Closing it makes the file a regular one again, with all that was written.
 */
final class HeldTrace implements AutoCloseable {
    /** What a pipe of Linux holds: 16 pages. A write of up to a page happens as a whole or waits. */
    private static final int CAPACITY = 16 * 4096;

    private static final long GIVE_UP_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final Path file;
    private final byte[] before;
    private final int longestLine;
    private final int filled;
    private final RandomAccessFile pipe;
    private final FileInputStream end;
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();

    private HeldTrace(Path file, int steps, int imagesPerRank) throws IOException {
        this.file = file;
        this.before = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
        // Two digits for the step, 13 for the attempt; two each for the epoch and the index of an image.
        this.longestLine = "12,1234567890123\n".length() + imagesPerRank * ",12:12".length();
        this.filled = CAPACITY - steps * longestLine;
        Files.deleteIfExists(file);
        Files.createDirectories(file.getParent());
        ChildProcess.run("mkfifo", file.toString());
        // A pipe that is open for both needs no other process, now or later.
        this.pipe = new RandomAccessFile(file.toFile(), "rw");
        this.end = new FileInputStream(pipe.getFD());
        pipe.write(new byte[filled]);
    }

    /**
     * Makes the file of a rank a pipe with room for the lines of some steps, and, as most lines are not the longest, for up to half as many
     * more. The numbers of epochs, images and steps have two digits.
     *
     * @param rank that is held in its first step without room; the others wait for it in the same step
     * @param imagesPerRank of this rank in a step, at most
     */
    static HeldTrace of(RunFolder run, int rank, int ranks, int steps, int imagesPerRank) throws IOException {
        return new HeldTrace(run.trace(rank, ranks), steps, imagesPerRank);
    }

    /** Waits until the rank is in its last step with room or is held in the next. */
    void awaitHold(RankJob job) throws IOException {
        long began = System.nanoTime();
        while (end.available() <= CAPACITY - longestLine) {
            if (!job.launcher().isAlive() || System.nanoTime() - began > GIVE_UP_NANOS) {
                throw new AssertionError(
                        "%d bytes of %s, expected %d".formatted(end.available(), file, CAPACITY - longestLine));
            }
            pause();
        }
    }

    /** Lets the run go on, to its end. */
    void release(RankJob job) throws IOException {
        while (job.launcher().isAlive()) {
            drain();
            pause();
        }
    }

    private void drain() throws IOException {
        byte[] bytes = new byte[end.available()];
        pipe.readFully(bytes);
        read.write(bytes);
    }

    @Override
    public void close() throws IOException {
        drain();
        pipe.close();
        Files.delete(file);
        byte[] lines = Arrays.copyOfRange(read.toByteArray(), filled, read.size());
        try (ByteArrayOutputStream all = new ByteArrayOutputStream()) {
            all.write(before);
            all.write(lines);
            Files.write(file, all.toByteArray());
        }
    }

    private static void pause() {
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
