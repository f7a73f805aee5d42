package yolompi.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** An evaluation as the template of a page shows it. */
record EvaluationView(
        String summary,
        List<Chart> charts,
        List<ClassRow> classes,
        String confusionCaption,
        List<String> labels,
        List<ConfusionRow> confusion,
        String errorCaption,
        List<ErrorRow> errors) {
    /** Classes of a matrix that a page can show. */
    private static final int MOST_LABELS = 30;

    record ClassRow(
            String name,
            int boxes,
            String ap,
            String ap50,
            String confidence,
            String precision,
            String recall,
            String f1) {}

    record ConfusionRow(String name, List<Cell> cells) {}

    /** A count, and its part of the true boxes of its row. */
    record Cell(long count, double part) {}

    record ErrorRow(String meaning, long count, String cost) {}

    static EvaluationView of(EvaluationFacts facts) {
        EvaluationFacts.Point best = facts.best();
        EvaluationFacts.Confusion confusion = facts.confusion();
        boolean shown = confusion.labels().size() <= MOST_LABELS + 1;
        return new EvaluationView(
                "F1 is best over all, %s, at a confidence of %s: precision %s, recall %s."
                        .formatted(
                                number(best.f1()),
                                number(best.confidence()),
                                number(best.precision()),
                                number(best.recall())),
                facts.charts(),
                facts.perClass().stream().map(EvaluationView::row).toList(),
                shown
                        ? "Rows: what is there; columns: what is found. At a confidence of %s and an IoU of %s."
                                .formatted(number(confusion.confidence()), number(confusion.iou()))
                        : "Not shown for more than %d classes; evaluation.json has the numbers.".formatted(MOST_LABELS),
                shown ? confusion.labels() : List.of(),
                shown ? rows(confusion) : List.of(),
                "After TIDE (Bolya et al., 2020), at a confidence of %s; the cost is what AP@0.5 would gain without them."
                        .formatted(number(facts.errors().confidence())),
                errors(facts.errors()));
    }

    private static ClassRow row(EvaluationFacts.ClassFacts facts) {
        return new ClassRow(
                facts.name(),
                facts.boxes(),
                number(facts.ap()),
                number(facts.ap50()),
                number(facts.confidence()),
                number(facts.precision()),
                number(facts.recall()),
                number(facts.f1()));
    }

    private static List<ConfusionRow> rows(EvaluationFacts.Confusion confusion) {
        List<ConfusionRow> rows = new ArrayList<>();
        for (int i = 0; i < confusion.labels().size(); i++) {
            long[] counts = confusion.counts()[i];
            double all = Math.max(1, Arrays.stream(counts).sum());
            rows.add(new ConfusionRow(
                    confusion.labels().get(i),
                    Arrays.stream(counts)
                            .mapToObj(count -> new Cell(count, Math.round(1000 * count / all) / 1000.0))
                            .toList()));
        }
        return rows;
    }

    private static List<ErrorRow> errors(EvaluationFacts.Errors errors) {
        return Stream.of(
                        row("right place, wrong class", errors.classification()),
                        row("right class, box too far off", errors.localisation()),
                        row("wrong class, and box too far off", errors.both()),
                        row("a box found once more", errors.duplicate()),
                        row("found where nothing is", errors.background()),
                        row("a box not found at all", errors.missed()))
                .toList();
    }

    private static ErrorRow row(String meaning, EvaluationFacts.ErrorFacts facts) {
        return new ErrorRow(meaning, facts.count(), number(facts.apCost()));
    }

    private static String number(double value) {
        return value < 0 ? "–" : String.format(Locale.ROOT, "%.3f", value);
    }
}
