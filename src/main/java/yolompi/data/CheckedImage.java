package yolompi.data;

/**
 * What an image file that decodes whole turned out to be.
 *
 * @param width of the upright picture, pixels
 * @param height of the upright picture, pixels
 */
record CheckedImage(int width, int height, ExifOrientation orientation, Color color) {
    /** How the file stores colour; decoding makes RGB of each. */
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
