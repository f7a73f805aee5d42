package yolompi.data.image;

/**
 * The properties of an image file that decodes completely.
 *
 * @param width width of the upright image, pixels
 * @param height height of the upright image, pixels
 */
public record CheckedImage(int width, int height, ExifOrientation orientation, Color color) {
    /** How the file stores color; decoding converts each to RGB. */
    public enum Color {
        RGB,
        GREY,
        CMYK
    }

    public int storedWidth() {
        return orientation.swapsEdges() ? height : width;
    }

    public int storedHeight() {
        return orientation.swapsEdges() ? width : height;
    }
}
