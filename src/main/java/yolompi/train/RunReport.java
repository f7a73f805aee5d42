package yolompi.train;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import yolompi.checkpoint.LossSums;
import yolompi.checkpoint.Tally;
import yolompi.report.Metric;
import yolompi.report.MetricsCsv;
import yolompi.report.MetricsRow;
import yolompi.report.StepReport;
import yolompi.report.Terminal;
import yolompi.report.TrainingProgress;

/** What rank 0 tells of a run: on the terminal, in {@code train.log} and in {@code metrics.csv}. The other ranks tell nothing. */
final class RunReport implements AutoCloseable {
    private final List<TrainingProgress> progress = new ArrayList<>();
    private final Optional<MetricsCsv> csv;
    private final int everySteps;
    private final int globalBatch;
    private final long start = System.nanoTime();

    private final double secondsBefore;

    private StepWindow window;
    private LossSums epochLosses;
    private long skipped;

    private RunReport(Optional<MetricsCsv> csv, TrainingSetup setup, Tally tally) {
        this.csv = csv;
        this.everySteps = setup.recipe().report().everySteps();
        this.globalBatch = setup.recipe().train().batch();
        this.secondsBefore = tally.seconds();
        this.window = new StepWindow(0, tally.window());
        this.epochLosses = tally.epoch();
        this.skipped = tally.skippedSteps();
    }

    /**
     * Opens the run's files on rank 0; a table that is there already goes on after the extent's first step.
     *
     * @param tally what had been counted by that step
     */
    static RunReport open(TrainingSetup setup, TrainingProgress.Extent extent, Tally tally) {
        Path runFolder = setup.runFolder();
        if (!setup.ranks().world().isFirst()) {
            return new RunReport(Optional.empty(), setup, tally);
        }
        try {
            Path table = runFolder.resolve("metrics.csv");
            MetricsCsv csv =
                    Files.exists(table) ? MetricsCsv.resume(table, extent.firstStep()) : MetricsCsv.create(table);
            RunReport report = new RunReport(Optional.of(csv), setup, tally);
            int everySteps = report.everySteps;
            report.progress.add(
                    Terminal.showsStandardError()
                            ? TrainingProgress.onTerminal(extent, System.err)
                            : TrainingProgress.lines(extent, everySteps, System.out));
            report.progress.add(TrainingProgress.lines(extent, everySteps, log(runFolder)));
            return report;
        } catch (IOException e) {
            throw new UncheckedIOException(runFolder + ": can't write the run's files: " + e.getMessage(), e);
        }
    }

    private static PrintStream log(Path runFolder) throws IOException {
        return new PrintStream(
                Files.newOutputStream(
                        runFolder.resolve("train.log"), StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                true,
                StandardCharsets.UTF_8);
    }

    /**
     * Notes a step.
     *
     * @param epoch from 1
     * @param stepsDone including this one
     * @param waitNanos time that the loader let training wait, since the start
     */
    void step(int epoch, long stepsDone, TrainStep.Result result, double learningRate, long waitNanos) {
        if (!result.finite()) {
            skipped++;
            say("step %d: the loss is not finite (%s); the step is left out on all ranks"
                    .formatted(stepsDone, result.loss()));
            return;
        }
        window.add(result);
        epochLosses = epochLosses.plus(result.loss(), result.box(), result.object(), result.classes());
        StepReport report = window.summary(epoch, stepsDone, learningRate, waitNanos, globalBatch);
        progress.forEach(display -> display.step(report));
        if (stepsDone % everySteps == 0) {
            writeRow(row(report));
            window = new StepWindow(waitNanos, LossSums.NONE);
        }
    }

    private MetricsRow row(StepReport report) {
        return MetricsRow.ofStep(report.epoch(), report.step())
                .with(Metric.TIME_S, seconds())
                .with(Metric.LOSS, report.loss())
                .with(Metric.LOSS_BOX, report.lossBox())
                .with(Metric.LOSS_OBJECT, report.lossObject())
                .with(Metric.LOSS_CLASS, report.lossClass())
                .with(Metric.LEARNING_RATE, report.learningRate())
                .with(Metric.IMAGES_PER_S, report.imagesPerSecond())
                .with(Metric.DATA_WAIT, report.dataWait())
                .with(Metric.SKIPPED_STEPS, (double) skipped);
    }

    /** Does something that is no training, so that images/s don't count its time. */
    void pause(Runnable action) {
        long begin = System.nanoTime();
        action.run();
        window.pause(System.nanoTime() - begin);
    }

    /**
     * Ends an epoch with a row of the table.
     *
     * @param epochs completed
     * @return the mean loss of its steps
     */
    double endEpoch(int epochs, long stepsDone, Optional<Evaluation> evaluation) {
        double loss = epochLosses.mean();
        MetricsRow row = MetricsRow.ofEpoch(epochs, stepsDone)
                .with(Metric.TIME_S, seconds())
                .with(Metric.LOSS, loss)
                .with(Metric.SKIPPED_STEPS, (double) skipped);
        writeRow(evaluation
                .map(found -> row.with(Metric.MAP50, found.map50()).with(Metric.MAP5095, found.map5095()))
                .orElse(row));
        epochLosses = LossSums.NONE;
        return loss;
    }

    /** The mean loss of the epoch's steps so far. */
    double epochLoss() {
        return epochLosses.mean();
    }

    /** What has been counted so far. */
    Tally tally() {
        return new Tally(seconds(), skipped, epochLosses, window.losses());
    }

    void say(String line) {
        progress.forEach(display -> display.say(line));
    }

    private double seconds() {
        return secondsBefore + (System.nanoTime() - start) / 1e9;
    }

    private void writeRow(MetricsRow row) {
        csv.ifPresent(table -> {
            try {
                table.write(row);
            } catch (IOException e) {
                throw new UncheckedIOException("metrics.csv: " + e.getMessage(), e);
            }
        });
    }

    @Override
    public void close() {
        progress.forEach(TrainingProgress::close);
        csv.ifPresent(table -> {
            try {
                table.close();
            } catch (IOException e) {
                throw new UncheckedIOException("metrics.csv: " + e.getMessage(), e);
            }
        });
    }
}
