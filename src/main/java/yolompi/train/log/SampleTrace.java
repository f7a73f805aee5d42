package yolompi.train.log;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.stream.Collectors;
import yolompi.data.SampleRef;
import yolompi.data.StepBatches;
import yolompi.distributed.Communicator;
import yolompi.distributed.world.World;
import yolompi.recipe.ReportRecipe;

/**
 * Writes which samples this rank reads in each step to {@code samples/rank-R-of-W.csv} in the run
 * folder, if the recipe turns it on.
 *
 * <p>A line holds the step, counted from 1; the time in milliseconds at which this attempt at the
 * run started, the same on all ranks; then {@code epoch:index} of each sample, or
 * {@code epoch:index:repeat} if the epoch has read the sample before. A line is written before its
 * step is done, so the file also holds steps that a killed run did not finish. For each step, only
 * the lines of its latest attempt count.
 */
public final class SampleTrace implements AutoCloseable {
    private final Optional<BufferedWriter> writer;
    private final String attempt;

    private SampleTrace(Optional<BufferedWriter> writer, String attempt) {
        this.writer = writer;
        this.attempt = attempt;
    }

    /** Opens this rank's file; collective. */
    public static SampleTrace open(ReportRecipe recipe, Path runFolder, Communicator ranks) {
        if (!recipe.samples()) {
            return new SampleTrace(Optional.empty(), "");
        }
        World world = ranks.world();
        Path file = runFolder.resolve("samples/rank-%d-of-%d.csv".formatted(world.rank(), world.size()));
        String attempt = ranks.broadcast(Long.toString(System.currentTimeMillis()));
        try {
            Files.createDirectories(file.getParent());
            BufferedWriter writer = Files.newBufferedWriter(
                    file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            return new SampleTrace(Optional.of(writer), attempt);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": can't be written: " + e.getMessage(), e);
        }
    }

    /** Writes the line of a step that is about to run. */
    public void note(StepBatches step) {
        writer.ifPresent(table -> {
            String samples = step.batches().stream()
                    .flatMap(batch -> batch.samples().stream())
                    .map(sample -> "," + text(sample))
                    .collect(Collectors.joining());
            try {
                table.write((step.step() + 1) + "," + attempt + samples + "\n");
                table.flush();
            } catch (IOException e) {
                throw new UncheckedIOException("samples: " + e.getMessage(), e);
            }
        });
    }

    private static String text(SampleRef sample) {
        String first = sample.epoch() + ":" + sample.index();
        return sample.repeat() == 0 ? first : first + ":" + sample.repeat();
    }

    @Override
    public void close() {
        writer.ifPresent(table -> {
            try {
                table.close();
            } catch (IOException e) {
                throw new UncheckedIOException("samples: " + e.getMessage(), e);
            }
        });
    }
}
