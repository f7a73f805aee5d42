package yolompi.eval.metric;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import yolompi.detect.ScoreOrder;

/**
 * Precision, recall and F1 by confidence.
 *
 * @param points at confidence 0, 0.01 … 1
 * @param best the point of the highest F1 over the scores of all detections; the highest confidence
 *     of several; confidence 1 without true positives
 * @param precisionByRecall at recall 0, 0.01 … 1: the best precision at this or a higher recall,
 *     as in COCO's average precision; 0 if the recall is never reached
 */
public record ConfidenceCurve(List<OperatingPoint> points, OperatingPoint best, double[] precisionByRecall) {
    private static final int STEPS = 100;

    /**
     * Counts of true and false positives at a confidence threshold.
     *
     * @param confidence lowest score of the counted detections
     * @param truePositives true positives
     * @param falsePositives false positives
     * @param groundTruthCount number of ground-truth boxes
     */
    public record OperatingPoint(double confidence, int truePositives, int falsePositives, int groundTruthCount) {
        /** The fraction of the detections that are true positives; 0 without detections. */
        public double precision() {
            return ratio(truePositives, (long) truePositives + falsePositives);
        }

        /** The fraction of the ground truth that is detected; 0 without ground truth. */
        public double recall() {
            return ratio(truePositives, groundTruthCount);
        }

        /** The harmonic mean of precision and recall; 0 without detections and ground truth. */
        public double f1() {
            return ratio(2L * truePositives, (long) truePositives + falsePositives + groundTruthCount);
        }

        private static double ratio(long part, long whole) {
            return whole == 0 ? 0 : (double) part / whole;
        }
    }

    /** Scores of detections, whether each is a true positive, and the ground-truth count. */
    record Judged(double[] scores, boolean[] right, int truthCount) {
        static Judged together(List<Judged> parts) {
            return new Judged(
                    parts.stream()
                            .flatMapToDouble(part -> Arrays.stream(part.scores))
                            .toArray(),
                    joined(parts),
                    parts.stream().mapToInt(Judged::truthCount).sum());
        }

        private static boolean[] joined(List<Judged> parts) {
            boolean[] right = new boolean
                    [parts.stream().mapToInt(part -> part.right.length).sum()];
            int next = 0;
            for (Judged part : parts) {
                System.arraycopy(part.right, 0, right, next, part.right.length);
                next += part.right.length;
            }
            return right;
        }
    }

    static ConfidenceCurve of(Judged judged) {
        int[] order = ScoreOrder.bestFirst(judged.scores());
        List<OperatingPoint> steps = new ArrayList<>();
        for (int i = 0; i <= STEPS; i++) {
            steps.add(new OperatingPoint((double) i / STEPS, 0, 0, judged.truthCount()));
        }
        OperatingPoint best = new OperatingPoint(1, 0, 0, judged.truthCount());
        double[] precisions = new double[STEPS + 1];
        int right = 0;
        int step = STEPS;
        for (int i = 0; i < order.length; i++) {
            double score = judged.scores()[order[i]];
            step = fill(steps, step, score, right, i - right, judged.truthCount());
            right += judged.right()[order[i]] ? 1 : 0;
            boolean lastOfItsScore = i + 1 == order.length || judged.scores()[order[i + 1]] < score;
            OperatingPoint point = new OperatingPoint(score, right, i + 1 - right, judged.truthCount());
            if (lastOfItsScore) {
                best = point.f1() > best.f1() ? point : best;
                int level = (int) (point.recall() * STEPS + 1e-9);
                precisions[level] = Math.max(precisions[level], point.precision());
            }
        }
        fill(steps, step, Double.NEGATIVE_INFINITY, right, order.length - right, judged.truthCount());
        for (int level = STEPS - 1; level >= 0; level--) {
            precisions[level] = Math.max(precisions[level], precisions[level + 1]);
        }
        return new ConfidenceCurve(List.copyOf(steps), best, precisions);
    }

    /** Sets the points above {@code score} from {@code from} downward; returns the next index. */
    private static int fill(List<OperatingPoint> steps, int from, double score, int right, int wrong, int truthCount) {
        int step = from;
        while (step >= 0 && (double) step / STEPS > score) {
            steps.set(step, new OperatingPoint((double) step / STEPS, right, wrong, truthCount));
            step--;
        }
        return step;
    }
}
