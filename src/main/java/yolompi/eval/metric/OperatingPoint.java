package yolompi.eval.metric;

/**
 * Counts of true and false positives at a confidence threshold.
 *
 * @param confidence lowest score of the counted detections
 * @param right true positives
 * @param wrong false positives
 * @param truthCount number of ground-truth boxes
 */
public record OperatingPoint(double confidence, int right, int wrong, int truthCount) {
    /** The fraction of the detections that are true positives; 0 without detections. */
    public double precision() {
        return ratio(right, (long) right + wrong);
    }

    /** The fraction of the ground truth that is detected; 0 without ground truth. */
    public double recall() {
        return ratio(right, truthCount);
    }

    /** The harmonic mean of precision and recall; 0 without detections and ground truth. */
    public double f1() {
        return ratio(2L * right, (long) right + wrong + truthCount);
    }

    private static double ratio(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}
