package yolompi.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import yolompi.InputException;

/**
 * What a run is, as {@code run.json} in its folder says it.
 *
 * @param network such as {@code yolov3-tiny}
 * @param gigaflops of a forward pass of one image
 * @param size edge of the input, pixels
 * @param images for training
 * @param batch images a step, all ranks together
 * @param epochs that it shall train
 * @param attempts each start of it, the first one first
 * @param ending how the last attempt ended; empty while it runs, or where it was killed
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
     * A start of a run.
     *
     * @param time in UTC, ISO 8601
     * @param fromStep steps that were done before
     * @param host of rank 0
     * @param compute such as {@code fp32 on the CPU}
     * @param versions of what it runs on, by name
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

    /** Steps of an epoch; a fraction where the batch does not divide the images. */
    public double stepsPerEpoch() {
        return (double) images / batch;
    }

    /** The same run with these attempts before its own. */
    public RunFacts after(RunFacts earlier) {
        List<Attempt> all = new ArrayList<>(earlier.attempts);
        all.addAll(attempts);
        return new RunFacts(
                network, parameters, gigaflops, size, images, validationImages, classes, batch, epochs, all, ending);
    }

    /** The same run when it has ended. */
    public RunFacts ended(String how) {
        return new RunFacts(
                network, parameters, gigaflops, size, images, validationImages, classes, batch, epochs, attempts, how);
    }

    /** Writes or replaces the file of a run folder. */
    public void write(Path runFolder) throws IOException {
        RunJson.write(runFolder.resolve(FILE), this);
    }

    /**
     * Reads that of a run folder.
     *
     * @throws InputException where the folder holds no run
     */
    static RunFacts of(Path runFolder) throws IOException {
        return read(runFolder)
                .orElseThrow(() -> new InputException(
                        runFolder + ": has no " + FILE + ", so it is no run folder; expected one that train made"));
    }

    /**
     * Reads that of a run folder; empty where there is none.
     *
     * @throws InputException where it holds something else
     */
    public static Optional<RunFacts> read(Path runFolder) throws IOException {
        return RunJson.read(runFolder.resolve(FILE), RunFacts.class, "is no description of a run");
    }
}
