package yolompi.data.augment;

import yolompi.geometry.Box;
import yolompi.geometry.Letterbox;

/**
 * An affine map of the plane: {@code x' = xx · x + xy · y + x0}, {@code y' = yx · x + yy · y + y0}.
 * Coordinates are those of {@link Box}: the center of the top left pixel is (0.5, 0.5).
 */
record Affine(double xx, double xy, double x0, double yx, double yy, double y0) {
    static final Affine IDENTITY = scale(1, 1);

    static Affine scale(double scaleX, double scaleY) {
        return new Affine(scaleX, 0, 0, 0, scaleY, 0);
    }

    static Affine move(double byX, double byY) {
        return new Affine(1, 0, byX, 0, 1, byY);
    }

    /** Rotates clockwise, as seen with y pointing down. */
    static Affine rotate(double radians) {
        double cosine = Math.cos(radians);
        double sine = Math.sin(radians);
        return new Affine(cosine, -sine, 0, sine, cosine, 0);
    }

    /** Slants columns by the first angle and rows by the second. */
    static Affine shear(double radiansX, double radiansY) {
        return new Affine(1, Math.tan(radiansX), 0, Math.tan(radiansY), 1, 0);
    }

    static Affine of(Letterbox letterbox) {
        return new Affine(letterbox.scale(), 0, letterbox.padX(), 0, letterbox.scale(), letterbox.padY());
    }

    Affine then(Affine next) {
        return new Affine(
                next.xx * xx + next.xy * yx,
                next.xx * xy + next.xy * yy,
                next.xx * x0 + next.xy * y0 + next.x0,
                next.yx * xx + next.yy * yx,
                next.yx * xy + next.yy * yy,
                next.yx * x0 + next.yy * y0 + next.y0);
    }

    /** The same map with the given point in place of the origin. */
    Affine about(double x, double y) {
        return move(-x, -y).then(this).then(move(x, y));
    }

    /** The smallest box around the transformed box. */
    Box apply(Box box) {
        double left = lower(xx, box.x1(), box.x2()) + lower(xy, box.y1(), box.y2()) + x0;
        double right = upper(xx, box.x1(), box.x2()) + upper(xy, box.y1(), box.y2()) + x0;
        double top = lower(yx, box.x1(), box.x2()) + lower(yy, box.y1(), box.y2()) + y0;
        double bottom = upper(yx, box.x1(), box.x2()) + upper(yy, box.y1(), box.y2()) + y0;
        return new Box((float) left, (float) top, (float) right, (float) bottom);
    }

    private static double lower(double factor, double start, double end) {
        return factor * (factor < 0 ? end : start);
    }

    private static double upper(double factor, double start, double end) {
        return factor * (factor < 0 ? start : end);
    }

    /** The larger of two magnifications: that of a row and that of a column of pixels. */
    double magnification() {
        return Math.max(Math.hypot(xx, yx), Math.hypot(xy, yy));
    }

    /**
     * The same map between pixel indices, row-major {@code [2,3]}. OpenCV's origin is the center of
     * the top left pixel.
     */
    double[] betweenPixelIndices() {
        Affine shifted = move(0.5, 0.5).then(this).then(move(-0.5, -0.5));
        return new double[] {shifted.xx, shifted.xy, shifted.x0, shifted.yx, shifted.yy, shifted.y0};
    }
}
