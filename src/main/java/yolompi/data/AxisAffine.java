package yolompi.data;

import yolompi.geometry.Box;
import yolompi.geometry.Letterbox;

/**
 * A map of the plane that keeps the axes: {@code x' = scaleX · x + moveX}, {@code y' = scaleY · y + moveY}. A negative scale mirrors.
 * Coordinates are those of {@link Box}: the centre of the top left pixel is at (0.5, 0.5).
 */
record AxisAffine(double scaleX, double moveX, double scaleY, double moveY) {
    static final AxisAffine IDENTITY = scale(1, 1);

    static AxisAffine scale(double scaleX, double scaleY) {
        return new AxisAffine(scaleX, 0, scaleY, 0);
    }

    static AxisAffine of(Letterbox letterbox) {
        return new AxisAffine(letterbox.scale(), letterbox.padX(), letterbox.scale(), letterbox.padY());
    }

    AxisAffine then(AxisAffine next) {
        return new AxisAffine(
                next.scaleX * scaleX,
                next.scaleX * moveX + next.moveX,
                next.scaleY * scaleY,
                next.scaleY * moveY + next.moveY);
    }

    Box apply(Box box) {
        double left = scaleX * box.x1() + moveX;
        double right = scaleX * box.x2() + moveX;
        double top = scaleY * box.y1() + moveY;
        double bottom = scaleY * box.y2() + moveY;
        return new Box(
                (float) Math.min(left, right), (float) Math.min(top, bottom), (float) Math.max(left, right), (float)
                        Math.max(top, bottom));
    }

    /** The larger of the two magnifications. */
    double magnification() {
        return Math.max(Math.abs(scaleX), Math.abs(scaleY));
    }

    /** The same map between pixel indices, row-major {@code [2,3]}: OpenCV counts from the centre of the top left pixel. */
    double[] betweenPixelIndices() {
        double shiftX = 0.5 * scaleX + moveX - 0.5;
        double shiftY = 0.5 * scaleY + moveY - 0.5;
        return new double[] {scaleX, 0, shiftX, 0, scaleY, shiftY};
    }
}
