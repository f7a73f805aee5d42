package yolompi.report.image;

/**
 * A logarithmic axis of a chart.
 *
 * @param from position of {@code least}, pixels of the image
 * @param to position of {@code most}, pixels; may be less than {@code from}
 */
public record LogAxis(double from, double to, double least, double most) {
    private static final double MARGIN = 1.12;

    /** An axis that covers all values of both arrays, with a margin; all values must be above 0. */
    public static LogAxis over(double from, double to, float[] values, float[] others) {
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

    public boolean shows(double value) {
        return value >= least && value <= most;
    }

    /** Position of a value, pixels of the image. */
    public double at(double value) {
        return from + (to - from) * Math.log(value / least) / Math.log(most / least);
    }
}
