package yolompi.data;

/**
 * The properties of an image file that decodes completely.
 *
 * @param width width of the upright image, pixels
 * @param height height of the upright image, pixels
 */
record CheckedImage(int width, int height, ExifOrientation orientation, Color color) {
    /** How the file stores color; decoding converts each to RGB. */
    enum Color {
        RGB,
        GREY,
        CMYK
    }

    int storedWidth() {
        return orientation.swapsEdges() ? height : width;
    }

    int storedHeight() {
        return orientation.swapsEdges() ? width : height;
    }
}
