package yolompi.eval.metric;

import yolompi.geometry.Box;

/**
 * A box in COCO's format, in double precision: upper left corner, width and height, pixels. All
 * values are computed in the same order of operations as in pycocotools ({@code bbIou} of
 * {@code maskApi.c}), so that an IoU at a threshold is rounded to the same side.
 */
public record CocoBox(double x, double y, double width, double height) {
    /** The same box; exact for coordinates below 2²⁴. */
    public static CocoBox of(Box box) {
        return new CocoBox(box.x1(), box.y1(), (double) box.x2() - box.x1(), (double) box.y2() - box.y1());
    }

    /** Square pixels. */
    public double area() {
        return width * height;
    }

    /** Intersection over union, 0 to 1. */
    public double iou(CocoBox other) {
        double shared = shared(other);
        return shared < 0 ? 0 : shared / (area() + other.area() - shared);
    }

    /** The fraction of this box's area that is inside {@code region}, 0 to 1. */
    public double shareIn(CocoBox region) {
        double shared = shared(region);
        return shared < 0 ? 0 : shared / area();
    }

    /**
     * The area of the intersection; negative without overlap, so that areas that underflow to 0
     * give the results of pycocotools.
     */
    private double shared(CocoBox other) {
        double sharedWidth = Math.min(width + x, other.width + other.x) - Math.max(x, other.x);
        double sharedHeight = Math.min(height + y, other.height + other.y) - Math.max(y, other.y);
        return sharedWidth <= 0 || sharedHeight <= 0 ? -1 : sharedWidth * sharedHeight;
    }
}
