package yolompi.eval;

/**
 * Boxes of which size count, by their area in square pixels, both ends included. Others are ignored: neither found nor missed.
 *
 * @param min smallest area that counts
 * @param max largest area that counts
 */
record AreaRange(double min, double max) {
    static final AreaRange ALL = new AreaRange(0, 1e10);

    boolean holds(double area) {
        return area >= min && area <= max;
    }
}
