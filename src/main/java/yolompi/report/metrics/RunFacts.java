package yolompi.report.metrics;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import yolompi.InputException;

/**
 * Description of a run: {@code run.json} in the run folder.
 *
 * @param network such as {@code yolov3-tiny}
 * @param gigaflops of a forward pass of one image
 * @param size edge of the input, pixels
 * @param images number of training images
 * @param batch images per step, all ranks together
 * @param epochs planned number of epochs
 * @param attempts all starts of the run, oldest first
 * @param ending how the last attempt ended; empty if it is running or was killed
 */
public record RunFacts(
        String network,
        long parameters,
        double gigaflops,
        int size,
        int images,
        int validationImages,
        List<String> classes,
        int batch,
        int epochs,
        List<Attempt> attempts,
        String ending) {
    private static final String FILE = "run.json";

    /**
     * One start of a run.
     *
     * @param time in UTC, ISO 8601
     * @param fromStep steps finished before this start
     * @param host of rank 0
     * @param threads per rank
     * @param compute precision and device, such as {@code fp32 on the CPU}
     * @param versions of the libraries and the platform, by name
     */
    public record Attempt(
            String time,
            long fromStep,
            int ranks,
            String host,
            int threads,
            String compute,
            Map<String, String> versions) {
        public Attempt {
            versions = Map.copyOf(versions);
        }
    }

    public RunFacts {
        classes = List.copyOf(classes);
        attempts = List.copyOf(attempts);
    }

    /** Steps per epoch; a fraction if the number of images is not a multiple of the batch. */
    public double stepsPerEpoch() {
        return (double) images / batch;
    }

    /** This run with the attempts of {@code earlier} before its own. */
    public RunFacts after(RunFacts earlier) {
        List<Attempt> all = new ArrayList<>(earlier.attempts);
        all.addAll(attempts);
        return new RunFacts(
                network, parameters, gigaflops, size, images, validationImages, classes, batch, epochs, all, ending);
    }

    /** This run with its ending. */
    public RunFacts ended(String how) {
        return new RunFacts(
                network, parameters, gigaflops, size, images, validationImages, classes, batch, epochs, attempts, how);
    }

    /** Writes or replaces the file in a run folder. */
    public void write(Path runFolder) throws IOException {
        RunJson.write(runFolder.resolve(FILE), this);
    }

    /**
     * Reads the file of a run folder.
     *
     * @throws InputException if the folder is not a run folder
     */
    public static RunFacts of(Path runFolder) throws IOException {
        return read(runFolder)
                .orElseThrow(() -> new InputException(
                        runFolder + ": found no " + FILE + "; expected a run folder, which the command train creates"));
    }

    /**
     * Reads the file of a run folder; empty if there is none.
     *
     * @throws InputException if the file has other contents
     */
    public static Optional<RunFacts> read(Path runFolder) throws IOException {
        return RunJson.read(runFolder.resolve(FILE), RunFacts.class, "is not a run description");
    }
}
