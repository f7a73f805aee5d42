package yolompi.train.log;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import yolompi.checkpoint.TrainState;
import yolompi.checkpoint.TrainState.LossSums;
import yolompi.checkpoint.TrainState.RunTotals;
import yolompi.data.Batch;
import yolompi.distributed.Communicator;
import yolompi.eval.metric.CocoScores;
import yolompi.eval.metric.DetectionSet;
import yolompi.eval.metric.ImageResult;
import yolompi.report.console.StepReport;
import yolompi.report.console.Terminal;
import yolompi.report.console.TrainingProgress;
import yolompi.report.metrics.Metric;
import yolompi.report.metrics.MetricsRow;
import yolompi.report.metrics.RankTime;
import yolompi.report.metrics.StepTable;
import yolompi.train.setup.TrainingPlan;
import yolompi.train.step.TrainStep;
import yolompi.train.stop.EarlyStopping.Evaluation;

/**
 * Output of rank 0 about a run: on the terminal, in {@code train.log} and in {@code metrics.csv}.
 * The other ranks write nothing.
 */
public final class RunReport implements AutoCloseable {
    private final List<TrainingProgress> progress = new ArrayList<>();
    private final Optional<StepTable<MetricsRow>> csv;
    private final Optional<StepTable<RankTime>> ranksCsv;
    private final Optional<RunArtifacts> page;
    private final Communicator ranks;
    private final RankTimes times;
    private final RankTimes.Stragglers stragglers;
    private final int everySteps;
    private final long lastStep;
    private final int globalBatch;
    private final long start = System.nanoTime();

    private final double secondsBefore;

    private StepWindow window;
    private LossSums epochLosses;
    private long skipped;

    /**
     * Time that this rank has waited since the start.
     *
     * @param dataNanos waiting for the loader
     * @param gradientNanos waiting for the gradients of other ranks after its own were done, except
     *     for what the rank's status has counted
     */
    public record WaitTimes(long dataNanos, long gradientNanos) {}

    private RunReport(
            TrainingPlan plan,
            Communicator ranks,
            TrainState state,
            Optional<StepTable<MetricsRow>> csv,
            Optional<StepTable<RankTime>> ranksCsv,
            Optional<RunArtifacts> page) {
        this.csv = csv;
        this.ranksCsv = ranksCsv;
        this.page = page;
        this.ranks = ranks;
        this.times = new RankTimes(ranks, state.step());
        this.stragglers = new RankTimes.Stragglers(plan.recipe().report().stragglerFactor());
        this.everySteps = plan.recipe().report().everySteps();
        this.lastStep = plan.totalSteps();
        this.globalBatch = plan.recipe().train().batch();
        RunTotals tally = state.tally();
        this.secondsBefore = tally.seconds();
        this.window = new StepWindow(0, tally.window());
        this.epochLosses = tally.epoch();
        this.skipped = tally.skippedSteps();
    }

    /**
     * Opens the run's files on rank 0. An existing table continues after the state's step;
     * collective.
     *
     * @param state of the training before the first step
     */
    public static RunReport open(RunDescription run, Path runFolder, Communicator ranks, TrainState state) {
        TrainingPlan plan = run.plan();
        if (!ranks.world().isRankZero()) {
            return new RunReport(plan, ranks, state, Optional.empty(), Optional.empty(), Optional.empty());
        }
        try {
            Path table = runFolder.resolve("metrics.csv");
            StepTable<MetricsRow> csv = Files.exists(table)
                    ? StepTable.resumeMetrics(table, state.step(), state.epochsEnded())
                    : StepTable.createMetrics(table);
            StepTable<RankTime> ranksCsv = StepTable.openRanks(runFolder.resolve("ranks.csv"), state.step());
            RunArtifacts page = RunArtifacts.open(run, runFolder, state.step());
            RunReport report =
                    new RunReport(plan, ranks, state, Optional.of(csv), Optional.of(ranksCsv), Optional.of(page));
            report.openDisplays(plan, runFolder, state);
            return report;
        } catch (IOException e) {
            throw new UncheckedIOException(runFolder + ": can't write the run's files: " + e.getMessage(), e);
        }
    }

    private void openDisplays(TrainingPlan plan, Path runFolder, TrainState state) throws IOException {
        var extent = new TrainingProgress.Extent(plan.recipe().train().epochs(), lastStep, state.step());
        progress.add(
                Terminal.showsStandardError()
                        ? TrainingProgress.onTerminal(extent, System.err)
                        : TrainingProgress.lines(extent, everySteps, System.out));
        PrintStream log = log(runFolder);
        log.printf(
                "== %s: %d ranks, rank 0 on %s; from step %d%n",
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                plan.world().size(),
                plan.world().host(),
                state.step());
        progress.add(TrainingProgress.lines(extent, everySteps, log));
    }

    private static PrintStream log(Path runFolder) throws IOException {
        return new PrintStream(
                Files.newOutputStream(
                        runFolder.resolve("train.log"), StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                true,
                StandardCharsets.UTF_8);
    }

    /**
     * Records a step; collective.
     *
     * @param epoch counted from 1
     * @param stepsDone including this one
     */
    public void step(int epoch, long stepsDone, TrainStep.Result result, double learningRate, WaitTimes waits) {
        if (result.finite()) {
            epochLosses = epochLosses.plus(result.loss(), result.box(), result.object(), result.classes());
        } else {
            skipped++;
            info("step %d: %s; all ranks skip the step%s"
                    .formatted(stepsDone, result.whatIsNotFinite(), result.remedy()));
        }
        window.add(result);
        StepReport report = window.summary(epoch, stepsDone, learningRate, waits.dataNanos(), globalBatch);
        progress.forEach(display -> display.step(report));
        if (stepsDone % everySteps == 0 || stepsDone == lastStep) {
            writeRow(row(report));
            window = new StepWindow(waits.dataNanos(), LossSums.NONE);
            compareRanks(stepsDone, waits);
        }
    }

    private void compareRanks(long stepsDone, WaitTimes waits) {
        long communication = ranks.status().waitedNanos() + waits.gradientNanos();
        List<RankTime> all = times.gather(new RankTimes.Spent(stepsDone, waits.dataNanos(), communication));
        stragglers.newlyFoundIn(all).forEach(this::info);
        writing("ranks.csv", ranksCsv, table -> table.write(all));
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

    /** Runs an action that is not training, and excludes its time from images/s. */
    public void excludeFromTiming(Runnable action) {
        long begin = System.nanoTime();
        long communicationBefore = ranks.status().waitedNanos();
        action.run();
        long nanos = System.nanoTime() - begin;
        window.pause(nanos);
        times.pause(nanos, ranks.status().waitedNanos() - communicationBefore);
    }

    /**
     * Ends an epoch with a row in the table.
     *
     * @param epochs completed
     * @return the mean loss of its steps
     */
    public double endEpoch(int epochs, long stepsDone, Optional<Evaluation> evaluation) {
        double loss = epochLosses.mean();
        MetricsRow row = MetricsRow.ofEpoch(epochs, stepsDone)
                .with(Metric.TIME_S, seconds())
                .with(Metric.LOSS, loss)
                .with(Metric.SKIPPED_STEPS, (double) skipped);
        writeRow(evaluation
                .map(found -> row.with(Metric.VAL_LOSS, found.loss())
                        .with(Metric.MAP50, found.map50())
                        .with(Metric.MAP5095, found.map5095()))
                .orElse(row));
        epochLosses = LossSums.NONE;
        page.ifPresent(RunArtifacts::epochEnded);
        page.flatMap(RunArtifacts::newFailure).ifPresent(this::info);
        return loss;
    }

    /** Shows training images. */
    public void addTrainingImages(List<Batch> batches) {
        page.ifPresent(keeper -> keeper.show(batches));
    }

    /** Shows the results of an evaluation, in the order of the images. */
    public void validated(List<ImageResult> results, DetectionSet set, CocoScores scores, long stepsDone) {
        page.ifPresent(keeper -> keeper.validated(results, set, scores, stepsDone));
    }

    /** Reports how the run ends. */
    public void end(String line) {
        info(line);
        page.ifPresent(keeper -> {
            keeper.ended(line);
            info("the run's page: " + keeper.page());
        });
    }

    /** Returns the mean loss of the epoch so far. */
    public double epochLoss() {
        return epochLosses.mean();
    }

    /** Returns the counters so far. */
    public RunTotals totals() {
        return new RunTotals(seconds(), skipped, epochLosses, window.losses());
    }

    public void info(String line) {
        progress.forEach(display -> display.say(line));
    }

    private double seconds() {
        return secondsBefore + (System.nanoTime() - start) / 1e9;
    }

    private void writeRow(MetricsRow row) {
        writing("metrics.csv", csv, table -> table.write(row));
        page.ifPresent(keeper -> keeper.row(row));
    }

    private interface Writing<T> {
        void to(T table) throws IOException;
    }

    private static <T> void writing(String name, Optional<T> file, Writing<T> action) {
        file.ifPresent(table -> {
            try {
                action.to(table);
            } catch (IOException e) {
                throw new UncheckedIOException(name + ": " + e.getMessage(), e);
            }
        });
    }

    @Override
    public void close() {
        page.ifPresent(RunArtifacts::close);
        page.flatMap(RunArtifacts::newFailure).ifPresent(this::info);
        progress.forEach(TrainingProgress::close);
        writing("metrics.csv", csv, StepTable::close);
        writing("ranks.csv", ranksCsv, StepTable::close);
    }
}
