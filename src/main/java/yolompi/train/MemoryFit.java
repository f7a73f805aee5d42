package yolompi.train;

import java.util.List;

/**
 * Memory as a line over the number of images at once, through measured points.
 *
 * @param fixedBytes so that no point lies above the line
 * @param imageBytes the slope
 */
record MemoryFit(double fixedBytes, double imageBytes) {
    /** What was measured with so many images at once. */
    record Point(int images, long bytes) {}

    /**
     * The least squares' slope through the points.
     *
     * @param points at least one
     * @param leastImageBytes the slope where there is one point alone, or noise hides it
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

    /** The most images whose memory stays within a limit; 0 where not even one does. */
    int images(double limitBytes) {
        return (int) Math.max(0, Math.floor((limitBytes - fixedBytes) / imageBytes));
    }
}
