package yolompi.report;

/**
 * A logarithmic axis of a chart.
 *
 * @param from where {@code least} lies, pixels of the picture
 * @param to where {@code most} lies, pixels; may be less than {@code from}
 */
record LogAxis(double from, double to, double least, double most) {
    private static final double MARGIN = 1.12;

    /** An axis that shows all values of both arrays, with a little room around them; all must be above 0. */
    static LogAxis over(double from, double to, float[] values, float[] others) {
        double least = Double.MAX_VALUE;
        double most = 0;
        for (float[] all : new float[][] {values, others}) {
            for (float value : all) {
                least = Math.min(least, value);
                most = Math.max(most, value);
            }
        }
        return new LogAxis(from, to, least / MARGIN, most * MARGIN);
    }

    boolean shows(double value) {
        return value >= least && value <= most;
    }

    /** Where a value lies, pixels of the picture. */
    double at(double value) {
        return from + (to - from) * Math.log(value / least) / Math.log(most / least);
    }
}
