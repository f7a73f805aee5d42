package yolompi.eval;

/**
 * How good detections are where those below a confidence are left out.
 *
 * @param confidence the lowest score that is kept
 * @param right detections that are right
 * @param wrong detections that are not
 * @param truthCount true boxes that there are to find
 */
public record OperatingPoint(double confidence, int right, int wrong, int truthCount) {
    /** The share of the detections that are right; 0 where there are none. */
    public double precision() {
        return ratio(right, (long) right + wrong);
    }

    /** The share of the true boxes that are found; 0 where there are none. */
    public double recall() {
        return ratio(right, truthCount);
    }

    /** The harmonic mean of both; 0 where there is nothing at all. */
    public double f1() {
        return ratio(2L * right, (long) right + wrong + truthCount);
    }

    private static double ratio(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}
