package yolompi.train.memory;

import java.util.List;

/**
 * Memory as a linear function of the number of images at once, fitted to measured points.
 *
 * @param fixedBytes memory without images; chosen so that no point lies above the line
 * @param imageBytes slope
 */
record MemoryFit(double fixedBytes, double imageBytes) {
    /** Memory measured with this many images at once. */
    record Point(int images, long bytes) {}

    /**
     * Fits the slope with least squares.
     *
     * @param points at least one
     * @param leastImageBytes lower bound of the slope, used if there is only one point or noise
     *     hides the slope
     */
    static MemoryFit through(List<Point> points, double leastImageBytes) {
        double images = points.stream().mapToInt(Point::images).average().orElseThrow();
        double bytes = points.stream().mapToLong(Point::bytes).average().orElseThrow();
        double covariance = 0;
        double variance = 0;
        for (Point point : points) {
            covariance += (point.images() - images) * (point.bytes() - bytes);
            variance += (point.images() - images) * (point.images() - images);
        }
        double slope = variance == 0 ? leastImageBytes : Math.max(leastImageBytes, covariance / variance);
        double fixed = points.stream()
                .mapToDouble(point -> point.bytes() - slope * point.images())
                .max()
                .orElseThrow();
        return new MemoryFit(fixed, slope);
    }

    double bytes(int images) {
        return fixedBytes + images * imageBytes;
    }

    /**
     * Returns the maximum number of images whose memory stays within a limit; 0 if not even one
     * does.
     */
    int images(double limitBytes) {
        return (int) Math.max(0, Math.floor((limitBytes - fixedBytes) / imageBytes));
    }
}
