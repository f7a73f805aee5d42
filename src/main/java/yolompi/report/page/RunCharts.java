package yolompi.report.page;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import yolompi.report.image.Chart;
import yolompi.report.image.Chart.Line;
import yolompi.report.image.Chart.Scale;
import yolompi.report.image.Chart.Stroke;
import yolompi.report.image.ChartImage;
import yolompi.report.image.RgbImage;
import yolompi.report.metrics.Metric;
import yolompi.report.metrics.MetricsRow;
import yolompi.report.metrics.RankHistory;
import yolompi.report.metrics.RunFacts;
import yolompi.report.metrics.RunHistory;

/** The charts of a run's history. The x axis is the epoch: the middle of the third epoch is 2.5. */
public final class RunCharts {
    /** Subfolder of the run folder for the charts as PNG files. */
    public static final String FOLDER = "charts";

    /** Ranks in the chart of step times; only the slowest are drawn. */
    private static final int MAX_RANKS = 8;

    private static final String EPOCHS = "epoch";

    private final RunHistory history;
    private final List<RankHistory> ranks;
    private final double stepsPerEpoch;

    /**
     * The charts of one run.
     *
     * @param ranks if empty, there is no chart of the ranks
     * @param stepsPerEpoch a fraction if the number of training images is not a multiple of the
     *     batch
     */
    public RunCharts(RunHistory history, List<RankHistory> ranks, double stepsPerEpoch) {
        this.history = history;
        this.ranks = List.copyOf(ranks);
        this.stepsPerEpoch = stepsPerEpoch;
    }

    /**
     * Writes or replaces all charts of a run and of its last evaluation as PNG files, for papers
     * and slides.
     *
     * @return the number of charts
     * @throws yolompi.InputException if the folder is not a run folder
     */
    public static int write(Path runFolder) throws IOException {
        RunFacts facts = RunFacts.of(runFolder);
        List<Chart> charts = new ArrayList<>(
                new RunCharts(RunHistory.read(runFolder), RankHistory.read(runFolder), facts.stepsPerEpoch()).all());
        EvaluationFacts.read(runFolder).ifPresent(evaluation -> charts.addAll(evaluation.charts()));
        for (Chart chart : charts) {
            RgbImage.write(ChartImage.paint(chart), runFolder.resolve(FOLDER).resolve(chart.id() + ".png"));
        }
        return charts.size();
    }

    /** All charts that are not empty. */
    public List<Chart> all() {
        return Stream.of(loss(), lossTerms(), accuracy(), learningRate(), speed(), waiting(), ranks())
                .filter(chart -> !chart.isEmpty())
                .toList();
    }

    /** Training loss, smoothed and raw, and validation loss. */
    public Chart loss() {
        Line raw = steps("training (raw)", Stroke.FAINT, Metric.LOSS);
        return new Chart(
                "loss",
                "Loss",
                EPOCHS,
                Scale.FITTED,
                List.of(smoothed("training", raw), raw, epochs("validation", Metric.VAL_LOSS)));
    }

    private Chart lossTerms() {
        return new Chart(
                "loss-terms",
                "Training loss by term",
                EPOCHS,
                Scale.FROM_ZERO,
                List.of(
                        smoothed("box", steps("", Stroke.PLAIN, Metric.LOSS_BOX)),
                        smoothed("objectness", steps("", Stroke.PLAIN, Metric.LOSS_OBJECT)),
                        smoothed("classification", steps("", Stroke.PLAIN, Metric.LOSS_CLASS))));
    }

    /** Validation mAP. */
    public Chart accuracy() {
        return new Chart(
                "map",
                "Validation mAP",
                EPOCHS,
                Scale.UNIT,
                List.of(epochs("mAP@0.5", Metric.MAP50), epochs("mAP@0.5:0.95", Metric.MAP5095)));
    }

    private Chart learningRate() {
        return ofSteps("learning-rate", "Learning rate", "learning rate", Metric.LEARNING_RATE);
    }

    /** Throughput of all ranks together. */
    public Chart speed() {
        return ofSteps("images-per-second", "Throughput (images/s, all ranks)", "images/s", Metric.IMAGES_PER_S);
    }

    private Chart waiting() {
        return ofSteps("data-wait", "Data wait", "fraction of the step time", Metric.DATA_WAIT);
    }

    private Chart ranks() {
        List<Line> lines = RankHistory.summaries(ranks).stream()
                .limit(MAX_RANKS)
                .flatMap(slow -> ranks.stream().filter(rank -> rank.name().equals(slow.name())))
                .map(this::rankLine)
                .toList();
        return new Chart("ranks", "Step time without communication (ms)", EPOCHS, Scale.FROM_ZERO, lines);
    }

    private Line rankLine(RankHistory rank) {
        double[] places =
                Arrays.stream(rank.steps()).map(step -> step / stepsPerEpoch).toArray();
        return new Line(rank.name(), Stroke.PLAIN, places, rank.ownMs());
    }

    private Chart ofSteps(String id, String title, String name, Metric metric) {
        return new Chart(id, title, EPOCHS, Scale.FROM_ZERO, List.of(steps(name, Stroke.PLAIN, metric)));
    }

    private Line steps(String name, Stroke stroke, Metric metric) {
        return line(name, stroke, history.steps(), metric, row -> row.step() / stepsPerEpoch);
    }

    private Line epochs(String name, Metric metric) {
        return line(name, Stroke.DOTTED, history.epochs(), metric, MetricsRow::epoch);
    }

    private static Line line(
            String name, Stroke stroke, List<MetricsRow> rows, Metric metric, ToDoubleFunction<MetricsRow> place) {
        List<MetricsRow> measured =
                rows.stream().filter(row -> row.values().containsKey(metric)).toList();
        return new Line(
                name,
                stroke,
                measured.stream().mapToDouble(place).toArray(),
                measured.stream().mapToDouble(row -> row.values().get(metric)).toArray());
    }

    /** Bias-corrected exponential moving average with a half-life of 3 % of the line. */
    private static Line smoothed(String name, Line raw) {
        double keep = Math.pow(0.5, 1 / Math.max(1, 0.03 * raw.y().length));
        double sum = 0;
        double weight = 0;
        List<Double> values = new ArrayList<>();
        for (double value : raw.y()) {
            if (Double.isFinite(value)) {
                sum = keep * sum + (1 - keep) * value;
                weight = keep * weight + (1 - keep);
            }
            values.add(weight == 0 ? Double.NaN : sum / weight);
        }
        return new Line(
                name,
                Stroke.PLAIN,
                raw.x(),
                values.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
