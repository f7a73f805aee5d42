package yolompi.report.page;

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
import yolompi.report.image.Chart;
import yolompi.report.image.Chart.Line;
import yolompi.report.image.Chart.Scale;
import yolompi.report.image.Chart.Stroke;
import yolompi.report.metrics.RunJson;

/**
 * The parts of {@code evaluation.json} that the page shows: the last evaluation of a run, in the
 * format of {@code eval --json}.
 *
 * @param best the point of the best F1 over all classes
 */
record EvaluationFacts(List<ClassFacts> perClass, Point best, Curves curves, Confusion confusion, Errors errors) {
    /** File name in the run folder. */
    static final String FILE = "evaluation.json";

    /** Classes with a line of their own. */
    private static final int MAX_LINES = 8;

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
            // Missing in evaluations of older versions.
            precisionByRecall = precisionByRecall == null ? new double[0] : precisionByRecall;
        }

        /** NaN without true positives, mostly above the highest score: precision has no meaning. */
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
     * Reads the evaluation of a run folder; empty if there is none yet.
     *
     * @throws InputException if the file has other contents
     */
    static Optional<EvaluationFacts> read(Path runFolder) throws IOException {
        return RunJson.read(runFolder.resolve(FILE), EvaluationFacts.class, "is not an evaluation");
    }

    /** The curves of all classes together, and of the first {@link #MAX_LINES} classes. */
    List<Chart> charts() {
        return List.of(
                chart(
                        "precision-recall",
                        "Precision-recall curve (IoU 0.5)",
                        "recall",
                        EvaluationFacts::precisionByRecall),
                chart("f1", "F1-confidence curve", "confidence", byConfidence(Curve::f1)),
                chart("precision", "Precision-confidence curve", "confidence", byConfidence(Curve::knownPrecision)),
                chart("recall", "Recall-confidence curve", "confidence", byConfidence(Curve::recall)));
    }

    private Chart chart(String id, String title, String xLabel, BiFunction<String, Curve, Line> line) {
        List<Line> lines = new ArrayList<>();
        lines.add(line.apply("all classes", curves.overall()));
        for (int i = 0; i < Math.min(MAX_LINES, perClass.size()); i++) {
            lines.add(line.apply(perClass.get(i).name(), curves.perClass().get(i)));
        }
        return new Chart(id, title, xLabel, Scale.UNIT, lines);
    }

    private BiFunction<String, Curve, Line> byConfidence(Function<Curve, double[]> values) {
        return (name, curve) -> new Line(name, Stroke.PLAIN, curves.confidence(), values.apply(curve));
    }

    /** Precision at each recall that the detections reach. */
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
