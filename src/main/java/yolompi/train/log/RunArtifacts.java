package yolompi.train.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import yolompi.data.Batch;
import yolompi.data.shard.ShardSet;
import yolompi.eval.DetectionReport;
import yolompi.eval.ReportJson;
import yolompi.eval.metric.CocoScores;
import yolompi.eval.metric.ConfidenceCurve;
import yolompi.eval.metric.ConfidenceCurve.OperatingPoint;
import yolompi.eval.metric.DetectionSet;
import yolompi.eval.metric.ImageResult;
import yolompi.io.DaemonThreads;
import yolompi.report.image.ContactSheet;
import yolompi.report.image.RgbImage;
import yolompi.report.metrics.JsonLines;
import yolompi.report.metrics.MetricsRow;
import yolompi.report.metrics.RunFacts;
import yolompi.report.metrics.RunHistory;
import yolompi.report.page.RunCharts;
import yolompi.report.page.RunPage;
import yolompi.report.tensorboard.EventFile;

/**
 * Writes a run's page and its TensorBoard events, on rank 0. It draws on a background thread while
 * training continues, and skips an epoch if another one is already queued. If the page can't be
 * written, training continues and the problem is reported once.
 */
final class RunArtifacts implements AutoCloseable {
    private static final int TILES = 16;
    private static final String EVENTS = "tensorboard";
    private static final String FIRST_BATCH = "first-training-batch.jpg";

    private final RunDescription run;
    private final Path runFolder;
    private final ValidationImages validation;
    private final EventFile events;
    private final Optional<JsonLines> jsonLines;
    private final ExecutorService drawing = Executors.newSingleThreadExecutor(DaemonThreads.named("page"));

    private final RunFacts facts;
    private final AtomicBoolean pageIsDue = new AtomicBoolean();
    private volatile Optional<String> failure = Optional.empty();
    private boolean failureTold;

    private RunArtifacts(
            RunDescription run, Path runFolder, RunFacts facts, EventFile events, Optional<JsonLines> jsonLines) {
        this.run = run;
        this.runFolder = runFolder;
        this.facts = facts;
        this.events = events;
        this.jsonLines = jsonLines;
        this.validation = new ValidationImages(
                run.data().val().orElse(run.data().train()),
                run.plan().recipe().data().size(),
                pictures());
        draw(() -> {
            facts.write(runFolder);
            run.labels().write(runFolder);
        });
    }

    /**
     * Starts or continues the description of a run; only on rank 0.
     *
     * @param stepsDone steps before this start
     */
    static RunArtifacts open(RunDescription run, Path runFolder, long stepsDone) throws IOException {
        RunFacts own = run.facts(stepsDone);
        Optional<RunFacts> earlier = RunFacts.read(runFolder);
        EventFile events = EventFile.begin(
                runFolder.resolve(EVENTS), stepsDone, run.plan().world().host(), Clock.systemUTC());
        Optional<JsonLines> jsonLines = run.plan().recipe().report().jsonLines()
                ? Optional.of(JsonLines.begin(runFolder.resolve("metrics.jsonl"), RunHistory.metrics(runFolder)))
                : Optional.empty();
        return new RunArtifacts(run, runFolder, earlier.map(own::after).orElse(own), events, jsonLines);
    }

    /** Draws the first training images of this process, unless the run has such a drawing. */
    void show(List<Batch> batches) {
        Path file = pictures().resolve(FIRST_BATCH);
        if (batches.isEmpty() || Files.exists(file)) {
            return;
        }
        ShardSet shards = run.data().train();
        Batch batch = batches.get(0);
        List<ContactSheet.Tile> tiles = BatchTiles.of(batch, shards, TILES);
        int[] counts = BatchTiles.boxes(batch, shards.names().size());
        List<String> legend = IntStream.range(0, counts.length)
                .mapToObj(id -> shards.names().get(id) + " " + counts[id])
                .toList();
        draw(() -> RgbImage.write(ContactSheet.of(tiles, legend), file));
    }

    /** Writes a row of metrics.csv in other formats. */
    void row(MetricsRow row) {
        draw(() -> {
            events.row(row);
            if (jsonLines.isPresent()) {
                jsonLines.get().write(row);
            }
        });
    }

    /** Draws the results of an evaluation after this many steps. */
    void validated(List<ImageResult> results, DetectionSet set, CocoScores scores, long step) {
        draw(() -> {
            DetectionReport report = DetectionReport.of(set, scores);
            ReportJson.write(runFolder.resolve(RunPage.EVALUATION), report);
            precisionRecall(report, step);
            validation.draw(results, step, events);
        });
    }

    private void precisionRecall(DetectionReport report, long step) throws IOException {
        curve("precision_recall", report.curves().overall(), step);
        for (int i = 0; i < report.categories().size(); i++) {
            curve(
                    "precision_recall/" + report.categories().get(i).name(),
                    report.curves().classes().get(i),
                    step);
        }
    }

    private void curve(String tag, ConfidenceCurve curve, long step) throws IOException {
        List<OperatingPoint> points = curve.points();
        events.precisionRecall(
                step,
                tag,
                points.stream().mapToInt(OperatingPoint::truePositives).toArray(),
                points.stream().mapToInt(OperatingPoint::falsePositives).toArray(),
                curve.best().groundTruthCount());
    }

    /** Writes the page again, unless that is already queued. */
    void epochEnded() {
        if (pageIsDue.compareAndSet(false, true)) {
            draw(() -> {
                pageIsDue.set(false);
                RunPage.write(runFolder);
            });
        }
    }

    /** Records how the run ended, and draws its charts for papers. */
    void ended(String how) {
        RunFacts ended = facts.ended(how);
        draw(() -> {
            ended.write(runFolder);
            RunPage.write(runFolder);
            RunCharts.write(runFolder);
        });
    }

    /** Path of the page. */
    Path page() {
        return RunPage.in(runFolder);
    }

    /** Returns a problem once, if there is one. */
    Optional<String> newFailure() {
        if (failureTold || failure.isEmpty()) {
            return Optional.empty();
        }
        failureTold = true;
        return failure;
    }

    private Path pictures() {
        return runFolder.resolve(RunPage.PICTURES);
    }

    private interface Drawing {
        void run() throws IOException;
    }

    private void draw(Drawing action) {
        drawing.execute(() -> {
            try {
                action.run();
            } catch (IOException | RuntimeException e) {
                failure =
                        Optional.of("the run's page or its copies of metrics.csv can't be written: " + e.getMessage());
            }
        });
    }

    /** Waits until drawing is finished. */
    @Override
    public void close() {
        draw(() -> {
            events.close();
            if (jsonLines.isPresent()) {
                jsonLines.get().close();
            }
        });
        drawing.shutdown();
        try {
            if (!drawing.awaitTermination(1, TimeUnit.MINUTES)) {
                failure = Optional.of("the run's page was not ready after a minute; write it with the command report");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
