package yolompi.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import yolompi.eval.DetectionReport;
import yolompi.eval.ReportJson;
import yolompi.eval.metric.CocoScores;
import yolompi.eval.metric.ConfidenceCurve.OperatingPoint;
import yolompi.eval.metric.ConfusionMatrix;
import yolompi.eval.metric.DetectionSet.Category;
import yolompi.eval.metric.ErrorSplit;

/** A detection report as text tables. */
final class ReportTables {
    /** With more classes, the confusion matrix is wider than a terminal. */
    private static final int MAX_CONFUSED_CLASSES = 12;

    private static final int MAX_LETTERS = 9;

    private ReportTables() {}

    /** All tables except COCO's twelve metrics. */
    static List<String> lines(DetectionReport report) {
        List<String> lines = new ArrayList<>(classes(report));
        lines.add(format(
                "mAP@0.5 %.4f  mAP@0.5:0.95 %.4f  (%d images)",
                report.coco().map50(), report.coco().map5095(), report.images()));
        report.voc()
                .ifPresent(voc -> lines.add(format(
                        "mAP@0.5 %s  with the Pascal VOC protocol %s",
                        number(voc.map()).strip(), voc.protocol().name().toLowerCase(Locale.ROOT))));
        OperatingPoint best = report.curves().overall().best();
        lines.add(format(
                "best F1 %.4f  at confidence %.4f: precision %.4f, recall %.4f",
                best.f1(), best.confidence(), best.precision(), best.recall()));
        if (report.categories().size() <= MAX_CONFUSED_CLASSES) {
            lines.add("");
            lines.addAll(confusion(report.confusion(), report.categories()));
        }
        lines.add("");
        lines.addAll(errors(report.errors()));
        return lines;
    }

    /** COCO's twelve metrics: precision on the left, recall on the right. */
    static List<String> twelve(CocoScores coco) {
        List<String> lines = new ArrayList<>();
        int half = CocoScores.NUMBERS.size() / 2;
        for (int i = 0; i < half; i++) {
            lines.add(format(
                    "%-9s %s    %-9s %s",
                    CocoScores.NUMBERS.get(i),
                    number(coco.numbers()[i]),
                    CocoScores.NUMBERS.get(half + i),
                    number(coco.numbers()[half + i])));
        }
        return lines;
    }

    private static List<String> classes(DetectionReport report) {
        List<String> lines = new ArrayList<>();
        String voc = report.voc().isPresent() ? format(" %8s", "VOC AP") : "";
        lines.add(format(
                "%-20s %8s %8s %12s%s %10s %8s %8s %11s",
                "class", "boxes", "AP@0.5", "AP@0.5:0.95", voc, "precision", "recall", "F1", "confidence"));
        for (int i = 0; i < report.categories().size(); i++) {
            int category = i;
            CocoScores.ClassScores scores = report.coco().classes().get(i);
            OperatingPoint best = report.curves().classes().get(i).best();
            lines.add(format(
                    "%-20s %8d %8s %12s%s %10.4f %8.4f %8.4f %11.4f",
                    report.categories().get(i).name(),
                    scores.boxes(),
                    number(scores.ap50()),
                    number(scores.ap()),
                    report.voc()
                            .map(found -> format(" %8s", number(found.ap()[category])))
                            .orElse(""),
                    best.precision(),
                    best.recall(),
                    best.f1(),
                    best.confidence()));
        }
        lines.add("precision, recall and F1 at the confidence with the best F1 of the class, IoU 0.5");
        return lines;
    }

    private static List<String> confusion(ConfusionMatrix confusion, List<Category> categories) {
        List<String> lines = new ArrayList<>();
        lines.add(format(
                "confusion matrix at confidence %.4f: rows are ground truth, columns are detections",
                confusion.confidence()));
        StringBuilder header = new StringBuilder(format("%-20s", ""));
        for (Category category : categories) {
            header.append(format(" %9s", shortened(category.name())));
        }
        lines.add(header.append(format(" %9s", "not found")).toString());
        for (int i = 0; i < confusion.counts().length; i++) {
            String label = i < categories.size() ? categories.get(i).name() : ReportJson.BACKGROUND;
            StringBuilder row = new StringBuilder(format("%-20s", label));
            for (long count : confusion.counts()[i]) {
                row.append(format(" %9d", count));
            }
            lines.add(row.toString());
        }
        return lines;
    }

    private static List<String> errors(ErrorSplit errors) {
        List<String> lines = new ArrayList<>();
        lines.add(format(
                "%-47s %9s %12s", format("errors at confidence %.4f", errors.confidence()), "count", "AP@0.5 lost"));
        for (ErrorSplit.Kind kind : ErrorSplit.Kind.values()) {
            lines.add(format(
                    "%-14s %-32s %9d %12.4f",
                    kind.name().toLowerCase(Locale.ROOT),
                    kind.meaning(),
                    errors.counts().get(kind),
                    errors.costs().get(kind)));
        }
        return lines;
    }

    private static String shortened(String name) {
        return name.length() <= MAX_LETTERS ? name : name.substring(0, MAX_LETTERS - 1) + "…";
    }

    /** Four decimals; a dash if there is no ground truth. */
    private static String number(double value) {
        return value < 0 ? "     –" : format("%.4f", value);
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
