package yolompi.eval;

import java.util.Arrays;
import yolompi.detect.ScoreOrder;

/** All detections of one class over all images, and which of them hit; average precision comes from it. */
final class ClassTally {
    private static final int RECALL_POINTS = 101;

    private float[] scores = new float[64];
    /** Bit t: the detection hit a true box at IoU threshold t. */
    private int[] hits = new int[64];
    /** Bit t: at IoU threshold t the detection is not to be judged. */
    private int[] ignored = new int[64];

    private int detectionCount;
    private int truthCount;

    void addDetection(float score, int hitBits, int ignoredBits) {
        if (detectionCount == scores.length) {
            scores = Arrays.copyOf(scores, 2 * detectionCount);
            hits = Arrays.copyOf(hits, 2 * detectionCount);
            ignored = Arrays.copyOf(ignored, 2 * detectionCount);
        }
        scores[detectionCount] = score;
        hits[detectionCount] = hitBits;
        ignored[detectionCount] = ignoredBits;
        detectionCount++;
    }

    void addTruth(int count) {
        truthCount += count;
    }

    int truthCount() {
        return truthCount;
    }

    /** Average precision at each of {@link IouThresholds}; zeros where there are no true boxes. */
    double[] averagePrecisions() {
        int[] order = ScoreOrder.bestFirst(Arrays.copyOf(scores, detectionCount));
        double[] averages = new double[IouThresholds.COUNT];
        if (truthCount > 0) {
            Arrays.setAll(averages, threshold -> averagePrecision(order, 1 << threshold));
        }
        return averages;
    }

    /** Mean over recalls 0, 0.01 … 1 of the best precision at that recall or beyond, as {@code COCOeval.accumulate}. */
    private double averagePrecision(int[] order, int bit) {
        double[] recalls = new double[order.length];
        double[] precisions = new double[order.length];
        int found = 0;
        int judged = 0;
        for (int i = 0; i < order.length; i++) {
            found += (hits[order[i]] & bit) == 0 ? 0 : 1;
            judged += (ignored[order[i]] & bit) == 0 ? 1 : 0;
            recalls[i] = (double) found / truthCount;
            precisions[i] = found / (judged + Math.ulp(1.0));
        }
        for (int i = order.length - 2; i >= 0; i--) {
            precisions[i] = Math.max(precisions[i], precisions[i + 1]);
        }
        return meanOverRecalls(recalls, precisions);
    }

    private static double meanOverRecalls(double[] recalls, double[] precisions) {
        double sum = 0;
        int at = 0;
        for (int point = 0; point < RECALL_POINTS; point++) {
            double recall = point == RECALL_POINTS - 1 ? 1 : point * 0.01;
            while (at < recalls.length && recalls[at] < recall) {
                at++;
            }
            sum += at < recalls.length ? precisions[at] : 0;
        }
        return sum / RECALL_POINTS;
    }
}
