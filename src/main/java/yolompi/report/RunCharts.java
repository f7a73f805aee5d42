package yolompi.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import yolompi.report.Chart.Line;
import yolompi.report.Chart.Scale;
import yolompi.report.Chart.Stroke;

/** The charts of a run's history, over the epochs: a step in the middle of the third epoch lies at 2.5. */
public final class RunCharts {
    /** Ranks in a chart of their own lines; of more only the slowest are drawn. */
    private static final int MOST_RANKS = 8;

    private static final String EPOCHS = "epoch";

    private final RunHistory history;
    private final List<RankHistory> ranks;
    private final double stepsPerEpoch;

    /**
     * For a run.
     *
     * @param ranks none: without their chart
     * @param stepsPerEpoch of its training; a fraction where an epoch's images are no multiple of the batch
     */
    public RunCharts(RunHistory history, List<RankHistory> ranks, double stepsPerEpoch) {
        this.history = history;
        this.ranks = List.copyOf(ranks);
        this.stepsPerEpoch = stepsPerEpoch;
    }

    /** Those that have lines so far. */
    public List<Chart> all() {
        return Stream.of(loss(), lossTerms(), accuracy(), learningRate(), speed(), waiting(), ranks())
                .filter(chart -> !chart.isEmpty())
                .toList();
    }

    /** Of each step interval, smoothed, and of the validation images. */
    public Chart loss() {
        Line raw = steps("training, not smoothed", Stroke.FAINT, Metric.LOSS);
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
                "Terms of the training loss",
                EPOCHS,
                Scale.FROM_ZERO,
                List.of(
                        smoothed("box", steps("", Stroke.PLAIN, Metric.LOSS_BOX)),
                        smoothed("object", steps("", Stroke.PLAIN, Metric.LOSS_OBJECT)),
                        smoothed("class", steps("", Stroke.PLAIN, Metric.LOSS_CLASS))));
    }

    /** mAP of the validation images. */
    public Chart accuracy() {
        return new Chart(
                "map",
                "Mean average precision, validation",
                EPOCHS,
                Scale.UNIT,
                List.of(epochs("mAP@0.5", Metric.MAP50), epochs("mAP@0.5:0.95", Metric.MAP5095)));
    }

    private Chart learningRate() {
        return ofSteps("learning-rate", "Learning rate", "learning rate", Metric.LEARNING_RATE);
    }

    /** Images a second of all ranks. */
    public Chart speed() {
        return ofSteps("images-per-second", "Images a second, all ranks", "images/s", Metric.IMAGES_PER_S);
    }

    private Chart waiting() {
        return ofSteps("data-wait", "Share of the time that waits for images", "data wait", Metric.DATA_WAIT);
    }

    private Chart ranks() {
        List<Line> lines = RankSummary.of(ranks).stream()
                .limit(MOST_RANKS)
                .flatMap(slow -> ranks.stream().filter(rank -> rank.name().equals(slow.name())))
                .map(this::rankLine)
                .toList();
        return new Chart("ranks", "Time of a step without waiting for other ranks, ms", EPOCHS, Scale.FROM_ZERO, lines);
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

    /** An exponential moving average that forgets half of the past in 3 % of the line, without the pull of its first value. */
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
