package yolompi.geometry;

/**
 * The placement of an image of any shape in the square network input: scaled by one factor,
 * centered, the rest padded.
 *
 * @param size edge of the input, pixels
 * @param scale input pixels per image pixel
 * @param padX padding left of the image, input pixels
 * @param padY padding above the image, input pixels
 */
public record Letterbox(int size, float scale, float padX, float padY) {
    /** Fits an image of {@code width} × {@code height} pixels as large as possible. */
    public static Letterbox fit(int width, int height, int size) {
        float scale = Math.min((float) size / width, (float) size / height);
        return new Letterbox(size, scale, (size - width * scale) / 2, (size - height * scale) / 2);
    }

    /** From image pixels to input pixels. */
    public Box toSquare(Box box) {
        return new Box(
                box.x1() * scale + padX, box.y1() * scale + padY, box.x2() * scale + padX, box.y2() * scale + padY);
    }

    /** From input pixels back to image pixels. */
    public Box toImage(Box box) {
        return new Box(
                (box.x1() - padX) / scale,
                (box.y1() - padY) / scale,
                (box.x2() - padX) / scale,
                (box.y2() - padY) / scale);
    }
}
