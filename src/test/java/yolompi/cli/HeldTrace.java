package yolompi.cli;

import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import yolompi.ranks.RankJob;

/**
 * Holds a run after its first steps until the test releases it. A rank writes the samples of each
 * step to a file before it takes the step. Here that file is an almost full pipe without a reader.
 * Closing the trace turns it into a regular file with everything that was written.
 */
final class HeldTrace implements AutoCloseable {
    /**
     * Capacity of a Linux pipe: 16 pages. A write of up to one page is atomic: it is complete or
     * blocks.
     */
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
        // 2 digits for the step, 13 for the attempt; 2 each for the epoch and the image index.
        this.longestLine = "12,1234567890123\n".length() + imagesPerRank * ",12:12".length();
        this.filled = CAPACITY - steps * longestLine;
        Files.deleteIfExists(file);
        Files.createDirectories(file.getParent());
        ChildProcess.run("mkfifo", file.toString());
        // A pipe open for reading and writing needs no other process.
        this.pipe = new RandomAccessFile(file.toFile(), "rw");
        this.end = new FileInputStream(pipe.getFD());
        pipe.write(new byte[filled]);
    }

    /**
     * Turns the file of a rank into a pipe with room for the lines of the given steps. Most lines
     * are shorter than the maximum, so up to half as many more steps fit. The numbers of epochs,
     * images and steps have two digits.
     *
     * @param rank the rank that blocks in the first step without room; the others wait for it there
     * @param imagesPerRank maximum number of images of this rank in a step
     */
    static HeldTrace of(RunFolder run, int rank, int ranks, int steps, int imagesPerRank) throws IOException {
        return new HeldTrace(run.trace(rank, ranks), steps, imagesPerRank);
    }

    /** Waits until the rank is in the last step with room, or blocks in the next one. */
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

    /** Lets the run continue to its end. */
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
