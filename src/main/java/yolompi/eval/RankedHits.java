package yolompi.eval;

import java.util.Arrays;

/**
 * The detections of one class from the best score to the worst, as far as average precision needs them: the precision after each that
 * hits, for between two hits precision only falls.
 */
final class RankedHits {
    private static final int RECALL_POINTS = 101;

    private double[] precisions = new double[16];
    private int hits;
    private int judged;

    /** Adds the next detection that is judged. */
    void add(boolean hit) {
        judged++;
        if (hit) {
            if (hits == precisions.length) {
                precisions = Arrays.copyOf(precisions, 2 * hits);
            }
            // As pycocotools divides, to the last bit.
            precisions[hits] = (hits + 1) / (judged + Math.ulp(1.0));
            hits++;
        }
    }

    /**
     * Mean over recalls 0, 0.01 … 1 of the best precision at that recall or beyond, as {@code COCOeval.accumulate} of pycocotools.
     *
     * @param truthCount true boxes that count; {@link ClassTally#UNDEFINED} comes back where there is none
     */
    double averagePrecision(int truthCount) {
        if (truthCount == 0) {
            return ClassTally.UNDEFINED;
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
