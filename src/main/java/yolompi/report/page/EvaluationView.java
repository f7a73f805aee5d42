package yolompi.report.page;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import yolompi.report.image.Chart;

/** The values of an evaluation in the page template. */
record EvaluationView(
        String summary,
        List<Chart> charts,
        List<ClassRow> classes,
        String confusionCaption,
        List<String> labels,
        List<ConfusionRow> confusion,
        String errorCaption,
        List<ErrorRow> errors) {
    /** Most classes of a confusion matrix that the page shows. */
    private static final int MAX_LABELS = 30;

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

    /** A count, and its fraction of the row's sum. */
    record Cell(long count, double part) {}

    record ErrorRow(String meaning, long count, String cost) {}

    static EvaluationView of(EvaluationFacts facts) {
        EvaluationFacts.Point best = facts.best();
        EvaluationFacts.Confusion confusion = facts.confusion();
        boolean shown = confusion.labels().size() <= MAX_LABELS + 1;
        return new EvaluationView(
                "Best F1 over all classes: %s at confidence %s (precision %s, recall %s)."
                        .formatted(
                                number(best.f1()),
                                number(best.confidence()),
                                number(best.precision()),
                                number(best.recall())),
                facts.charts(),
                facts.perClass().stream().map(EvaluationView::row).toList(),
                shown
                        ? "Rows: true class. Columns: predicted class. Confidence %s, IoU %s."
                                .formatted(number(confusion.confidence()), number(confusion.iou()))
                        : "Not shown for more than %d classes; evaluation.json has the numbers.".formatted(MAX_LABELS),
                shown ? confusion.labels() : List.of(),
                shown ? rows(confusion) : List.of(),
                ("TIDE error types (Bolya et al., 2020) at confidence %s."
                                + " ΔAP@0.5: gain of AP@0.5 without the errors of this type.")
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
                        row("classification: right place, wrong class", errors.classification()),
                        row("localization: right class, IoU below 0.5", errors.localisation()),
                        row("both: wrong class, IoU below 0.5", errors.both()),
                        row("duplicate: second detection of a box", errors.duplicate()),
                        row("background: no ground truth there", errors.background()),
                        row("missed: ground truth not detected", errors.missed()))
                .toList();
    }

    private static ErrorRow row(String meaning, EvaluationFacts.ErrorFacts facts) {
        return new ErrorRow(meaning, facts.count(), number(facts.apCost()));
    }

    private static String number(double value) {
        return value < 0 ? "–" : String.format(Locale.ROOT, "%.3f", value);
    }
}
