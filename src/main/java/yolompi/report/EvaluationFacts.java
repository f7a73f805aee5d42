package yolompi.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import yolompi.InputException;
import yolompi.report.Chart.Line;
import yolompi.report.Chart.Scale;
import yolompi.report.Chart.Stroke;

/**
 * What a page tells of {@code evaluation.json}, the last evaluation of a run, in the form of {@code eval --json}.
 *
 * @param best over all classes, where F1 is best
 */
record EvaluationFacts(List<ClassFacts> perClass, Point best, Curves curves, Confusion confusion, Errors errors) {
    /** Its name in a run folder. */
    static final String FILE = "evaluation.json";

    /** Classes in a chart of their own lines. */
    private static final int MOST_LINES = 8;

    record ClassFacts(
            String name,
            int boxes,
            double ap50,
            double ap,
            double confidence,
            double precision,
            double recall,
            double f1) {}

    record Point(double confidence, double precision, double recall, double f1) {}

    record Curve(double[] precision, double[] recall, double[] f1, double[] precisionByRecall) {
        Curve {
            // Evaluations of an older version lack it.
            precisionByRecall = precisionByRecall == null ? new double[0] : precisionByRecall;
        }

        /** Where nothing right is found at all, mostly above the highest score, precision says nothing. */
        private double[] knownPrecision() {
            return IntStream.range(0, precision.length)
                    .mapToDouble(i -> recall[i] > 0 ? precision[i] : Double.NaN)
                    .toArray();
        }
    }

    record Curves(double[] confidence, Curve overall, List<Curve> perClass) {}

    record Confusion(double confidence, double iou, List<String> labels, long[][] counts) {}

    record ErrorFacts(long count, double apCost) {}

    record Errors(
            double confidence,
            ErrorFacts classification,
            ErrorFacts localisation,
            ErrorFacts both,
            ErrorFacts duplicate,
            ErrorFacts background,
            ErrorFacts missed) {}

    /**
     * Reads that of a run folder; empty where there was no evaluation yet.
     *
     * @throws InputException where it holds something else
     */
    static Optional<EvaluationFacts> read(Path runFolder) throws IOException {
        return RunJson.read(runFolder.resolve(FILE), EvaluationFacts.class, "is no evaluation");
    }

    /** Precision by recall, and all three by confidence: over all, and of the first classes. */
    List<Chart> charts() {
        return List.of(
                chart("precision-recall", "Precision by recall, IoU 0.5", "recall", EvaluationFacts::precisionByRecall),
                chart("f1", "F1 by confidence", "confidence", byConfidence(Curve::f1)),
                chart("precision", "Precision by confidence", "confidence", byConfidence(Curve::knownPrecision)),
                chart("recall", "Recall by confidence", "confidence", byConfidence(Curve::recall)));
    }

    private Chart chart(String id, String title, String xLabel, BiFunction<String, Curve, Line> line) {
        List<Line> lines = new ArrayList<>();
        lines.add(line.apply("all", curves.overall()));
        for (int i = 0; i < Math.min(MOST_LINES, perClass.size()); i++) {
            lines.add(line.apply(perClass.get(i).name(), curves.perClass().get(i)));
        }
        return new Chart(id, title, xLabel, Scale.UNIT, lines);
    }

    private BiFunction<String, Curve, Line> byConfidence(Function<Curve, double[]> values) {
        return (name, curve) -> new Line(name, Stroke.PLAIN, curves.confidence(), values.apply(curve));
    }

    /** As far as recall comes. */
    private static Line precisionByRecall(String name, Curve curve) {
        double[] precision = curve.precisionByRecall();
        double[] recall = IntStream.range(0, precision.length)
                .mapToDouble(i -> i / (precision.length - 1.0))
                .toArray();
        return new Line(
                name,
                Stroke.PLAIN,
                recall,
                Arrays.stream(precision)
                        .map(value -> value > 0 ? value : Double.NaN)
                        .toArray());
    }
}
