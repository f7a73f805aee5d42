package yolompi.eval.metric;

import java.util.Arrays;

/**
 * Average precision of one class from its detections, best score first. Only the precision after
 * each true positive is stored, as precision only falls in between.
 */
final class AveragePrecision {
    private static final int RECALL_POINTS = 101;

    private double[] precisions = new double[16];
    private int hits;
    private int judged;

    /** Adds the next detection that is not ignored. */
    void add(boolean hit) {
        judged++;
        if (hit) {
            if (hits == precisions.length) {
                precisions = Arrays.copyOf(precisions, 2 * hits);
            }
            // Bit-identical to pycocotools.
            precisions[hits] = (hits + 1) / (judged + Math.ulp(1.0));
            hits++;
        }
    }

    /**
     * The mean over recalls 0, 0.01 … 1 of the best precision at this or a higher recall, as in
     * {@code COCOeval.accumulate} of pycocotools.
     *
     * @param truthCount number of counted ground-truth boxes; if 0, the result is
     *     {@link MatchAccumulator#UNDEFINED}
     */
    double averagePrecision(int truthCount) {
        if (truthCount == 0) {
            return MatchAccumulator.UNDEFINED;
        }
        double[] best = Arrays.copyOf(precisions, hits);
        for (int i = hits - 2; i >= 0; i--) {
            best[i] = Math.max(best[i], best[i + 1]);
        }
        double sum = 0;
        int at = 0;
        for (int point = 0; point < RECALL_POINTS; point++) {
            double recall = point == RECALL_POINTS - 1 ? 1 : point * 0.01;
            while (at < hits && (double) (at + 1) / truthCount < recall) {
                at++;
            }
            sum += at < hits ? best[at] : 0;
        }
        return sum / RECALL_POINTS;
    }
}
