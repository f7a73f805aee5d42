package yolompi.eval.metric;

/**
 * COCO's ranges of box areas, in square pixels, both limits inclusive. Boxes outside the range are
 * ignored: they count neither as detected nor as missed.
 */
public enum AreaRange {
    ALL(0, 1e10),
    SMALL(0, 32 * 32),
    MEDIUM(32 * 32, 96 * 96),
    LARGE(96 * 96, 1e10);

    private final double min;
    private final double max;

    AreaRange(double min, double max) {
        this.min = min;
        this.max = max;
    }

    boolean holds(double area) {
        return !(area < min || area > max);
    }
}
