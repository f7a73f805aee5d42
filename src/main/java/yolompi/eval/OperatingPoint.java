package yolompi.eval;

/**
 * How good detections are where those below a confidence are left out. Numbers are 0 where they are not defined, as without detections.
 *
 * @param confidence the lowest score that is kept
 * @param precision the share of the detections that are right
 * @param recall the share of the true boxes that are found
 * @param f1 the harmonic mean of both
 */
public record OperatingPoint(double confidence, double precision, double recall, double f1) {
    static OperatingPoint of(double confidence, int right, int wrong, int truthCount) {
        return new OperatingPoint(
                confidence,
                ratio(right, (long) right + wrong),
                ratio(right, truthCount),
                ratio(2L * right, (long) right + wrong + truthCount));
    }

    private static double ratio(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}
