package yolompi.geometry;

/**
 * How an image of any shape lies in a square network input: scaled by one factor, centred, the rest
 * padded.
 *
 * @param size edge of the square, pixels
 * @param scale square pixels for one image pixel
 * @param padX columns left of the image, square pixels
 * @param padY rows above the image, square pixels
 */
public record Letterbox(int size, float scale, float padX, float padY) {
    /** Fits an image of {@code width} × {@code height} pixels as large as possible. */
    public static Letterbox fit(int width, int height, int size) {
        float scale = Math.min((float) size / width, (float) size / height);
        return new Letterbox(size, scale, (size - width * scale) / 2, (size - height * scale) / 2);
    }

    /** From image pixels to square pixels. */
    public Box toSquare(Box box) {
        return new Box(
                box.x1() * scale + padX, box.y1() * scale + padY, box.x2() * scale + padX, box.y2() * scale + padY);
    }

    /** From square pixels back to image pixels. */
    public Box toImage(Box box) {
        return new Box(
                (box.x1() - padX) / scale,
                (box.y1() - padY) / scale,
                (box.x2() - padX) / scale,
                (box.y2() - padY) / scale);
    }
}
