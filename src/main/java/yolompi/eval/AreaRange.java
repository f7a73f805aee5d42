package yolompi.eval;

/**
 * Boxes of which size count, by their area in square pixels, both ends included. Others are ignored: neither found nor missed. The limits
 * are COCO's.
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
