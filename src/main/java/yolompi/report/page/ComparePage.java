package yolompi.report.page;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import yolompi.io.AtomicFile;
import yolompi.report.image.Chart;
import yolompi.report.image.Chart.Line;
import yolompi.report.metrics.Metric;
import yolompi.report.metrics.MetricsRow;
import yolompi.report.metrics.RunFacts;
import yolompi.report.metrics.RunHistory;

/**
 * Writes a page that compares runs: their results, the recipe keys that differ, and their curves in
 * common charts.
 */
public final class ComparePage {
    /** Lines in a chart; only the best runs are drawn. */
    private static final int MAX_LINES = 12;

    private static final String NONE = "–";

    private final List<Run> bestFirst;

    /**
     * A run to compare.
     *
     * @param name unique on the page
     * @param folder of the run; the page links to the run's own page if it exists
     * @param recipe the value of each key
     */
    public record Run(String name, Path folder, RunFacts facts, RunHistory history, Map<String, String> recipe) {
        /**
         * Reads a run folder.
         *
         * @throws yolompi.InputException if the folder is not a run folder
         */
        public static Run read(String name, Path folder, Map<String, String> recipe) throws IOException {
            return new Run(name, folder, RunFacts.of(folder), RunHistory.read(folder), recipe);
        }

        private RunNumbers numbers() {
            return new RunNumbers(facts, history);
        }

        private double fitness() {
            return numbers().best().map(row -> row.values().get(Metric.MAP5095)).orElse(-1.0);
        }
    }

    record RowView(
            String name,
            List<String> link,
            String map5095,
            String map50,
            String epoch,
            String loss,
            String speed,
            String ranks,
            String ending,
            List<String> differing) {}

    record View(String name, String summary, List<Chart> charts, List<RowView> rows, List<String> keys) {}

    /** A page of at least one run. */
    public ComparePage(List<Run> runs) {
        this.bestFirst = runs.stream()
                .sorted(Comparator.comparingDouble(Run::fitness).reversed())
                .toList();
    }

    /** The run with the best mAP@0.5:0.95 of any evaluation; empty if no run has been evaluated. */
    public Optional<Run> best() {
        return bestFirst.stream().filter(run -> run.fitness() >= 0).findFirst();
    }

    /** Writes or replaces the page. */
    public void write(Path file) throws IOException {
        List<Chart> charts = charts();
        List<String> keys = differingKeys();
        View view = new View(
                bestFirst.size() + " runs",
                best().map(run -> "Best run by validation mAP@0.5:0.95: " + run.name() + ".")
                        .orElse("No run has been evaluated yet."),
                charts,
                bestFirst.stream().map(run -> row(run, link(run, file), keys)).toList(),
                keys);
        byte[] page =
                PageFiles.fill("compare.html", view, PageFiles.Frame.of(charts)).getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(file, out -> out.write(page));
    }

    private List<Chart> charts() {
        return Stream.of(
                        common("map5095", "Validation mAP@0.5:0.95", chart -> line(chart.accuracy(), "mAP@0.5:0.95")),
                        common("map50", "Validation mAP@0.5", chart -> line(chart.accuracy(), "mAP@0.5")),
                        common("loss", "Training loss (smoothed)", chart -> line(chart.loss(), "training")),
                        common("val-loss", "Validation loss", chart -> line(chart.loss(), "validation")),
                        common("speed", "Throughput (images/s, all ranks)", chart -> line(chart.speed(), "images/s")))
                .filter(chart -> !chart.isEmpty())
                .toList();
    }

    private Chart common(String id, String title, Function<RunCharts, Optional<Line>> choice) {
        List<Line> lines = new ArrayList<>();
        for (Run run : bestFirst.subList(0, Math.min(MAX_LINES, bestFirst.size()))) {
            choice.apply(new RunCharts(run.history(), List.of(), run.facts().stepsPerEpoch()))
                    .map(line -> new Line(run.name(), line.stroke(), line.x(), line.y()))
                    .ifPresent(lines::add);
        }
        return new Chart(id, title, "epoch", Chart.Scale.FITTED, lines);
    }

    private static Optional<Line> line(Chart chart, String name) {
        return chart.lines().stream().filter(line -> line.name().equals(name)).findFirst();
    }

    /** Keys whose value is not the same in all recipes. */
    private List<String> differingKeys() {
        return bestFirst.stream()
                .flatMap(run -> run.recipe().keySet().stream())
                .distinct()
                .filter(key -> bestFirst.stream()
                                .map(run -> run.recipe().getOrDefault(key, ""))
                                .distinct()
                                .count()
                        > 1)
                .toList();
    }

    private static RowView row(Run run, List<String> link, List<String> keys) {
        RunNumbers numbers = run.numbers();
        Optional<MetricsRow> best = numbers.best();
        List<MetricsRow> epochs = run.history().epochs();
        OptionalDouble loss = epochs.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(epochs.get(epochs.size() - 1).values().getOrDefault(Metric.LOSS, Double.NaN));
        int attempts = run.facts().attempts().size();
        return new RowView(
                run.name(),
                link,
                best.map(row -> number("%.4f", row.values().get(Metric.MAP5095)))
                        .orElse(NONE),
                best.map(row -> number("%.4f", row.values().get(Metric.MAP50))).orElse(NONE),
                best.map(row -> row.epoch() + " of " + run.facts().epochs()).orElse(NONE),
                loss.isPresent() ? number("%.4f", loss.getAsDouble()) : NONE,
                numbers.median(Metric.IMAGES_PER_S).stream()
                        .mapToObj(speed -> number("%.1f", speed))
                        .findFirst()
                        .orElse(NONE),
                attempts == 0
                        ? NONE
                        : String.valueOf(
                                run.facts().attempts().get(attempts - 1).ranks()),
                run.facts().ending().isEmpty()
                        ? "running or interrupted"
                        : run.facts().ending().split("[:;]", 2)[0],
                keys.stream().map(key -> run.recipe().getOrDefault(key, NONE)).toList());
    }

    /** The relative link from the page to a run's own page; empty if the run has no page. */
    private static List<String> link(Run run, Path page) {
        Path own = run.folder().resolve("index.html").toAbsolutePath().normalize();
        if (!Files.exists(own)) {
            return List.of();
        }
        Path from = page.toAbsolutePath().normalize().getParent();
        return List.of(StreamSupport.stream(from.relativize(own).spliterator(), false)
                .map(part -> URLEncoder.encode(part.toString(), StandardCharsets.UTF_8)
                        .replace("+", "%20"))
                .collect(Collectors.joining("/")));
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
