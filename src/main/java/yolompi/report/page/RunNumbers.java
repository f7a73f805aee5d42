package yolompi.report.page;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import yolompi.report.console.Durations;
import yolompi.report.metrics.Metric;
import yolompi.report.metrics.MetricsRow;
import yolompi.report.metrics.RankHistory;
import yolompi.report.metrics.RunFacts;
import yolompi.report.metrics.RunHistory;

/** The key figures of a run. */
final class RunNumbers {
    private final RunFacts facts;
    private final RunHistory history;

    RunNumbers(RunFacts facts, RunHistory history) {
        this.facts = facts;
        this.history = history;
    }

    /** All figures that are known so far. */
    List<RunPage.Fact> all() {
        List<RunPage.Fact> all = new ArrayList<>();
        best().ifPresent(row -> {
            all.add(new RunPage.Fact(
                    "Best mAP@0.5:0.95 (epoch " + row.epoch() + ")", number("%.4f", row, Metric.MAP5095)));
            all.add(new RunPage.Fact("mAP@0.5 (same epoch)", number("%.4f", row, Metric.MAP50)));
        });
        median(Metric.IMAGES_PER_S)
                .ifPresent(speed -> all.add(
                        new RunPage.Fact("Images/s (all ranks, median)", String.format(Locale.ROOT, "%.1f", speed))));
        median(Metric.DATA_WAIT)
                .ifPresent(wait -> all.add(
                        new RunPage.Fact("Data wait (median)", String.format(Locale.ROOT, "%.1f %%", 100 * wait))));
        last(Metric.TIME_S)
                .ifPresent(seconds ->
                        all.add(new RunPage.Fact("Training time", Durations.text(Duration.ofSeconds((long) seconds)))));
        if (!facts.attempts().isEmpty()) {
            RunFacts.Attempt attempt = facts.attempts().get(facts.attempts().size() - 1);
            all.add(new RunPage.Fact("Ranks (" + attempt.compute() + ")", String.valueOf(attempt.ranks())));
        }
        last(Metric.SKIPPED_STEPS)
                .ifPresent(steps -> all.add(new RunPage.Fact(
                        "Skipped steps (of "
                                + history.steps()
                                        .get(history.steps().size() - 1)
                                        .step()
                                + ")",
                        String.format(Locale.ROOT, "%.0f", steps))));
        return all;
    }

    /** The row of the epoch with the best mAP@0.5:0.95. */
    Optional<MetricsRow> best() {
        return history.epochs().stream()
                .filter(row -> row.values().containsKey(Metric.MAP5095))
                .max(Comparator.comparingDouble(row -> row.values().get(Metric.MAP5095)));
    }

    private static String number(String format, MetricsRow row, Metric metric) {
        return String.format(Locale.ROOT, format, row.values().get(metric));
    }

    OptionalDouble median(Metric metric) {
        double[] values = values(metric);
        return values.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(RankHistory.median(values));
    }

    private OptionalDouble last(Metric metric) {
        double[] values = values(metric);
        return values.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(values[values.length - 1]);
    }

    private double[] values(Metric metric) {
        return history.steps().stream()
                .filter(row -> row.values().containsKey(metric))
                .mapToDouble(row -> row.values().get(metric))
                .toArray();
    }
}
