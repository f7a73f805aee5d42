package yolompi.predict;

import java.awt.image.BufferedImage;
import yolompi.report.image.RgbImage;

/**
 * A decoded image or frame.
 *
 * @param view letterboxed for the network, uint8 {@code [S,S,3]}, RGB
 */
public record SeenFrame(Frame frame, ImageFile image, byte[] view) {
    /** Maximum number of pixels in a Java array, with three bytes each. */
    private static final long MAX_PIXELS = Integer.MAX_VALUE / 3;

    /**
     * The whole image, to draw into.
     *
     * @throws UnwritableOutputException if it is too large for a Java array
     */
    BufferedImage picture() throws UnwritableOutputException {
        refuseHuge(frame.input(), image.width(), image.height());
        return RgbImage.ofRgb(image.pixels(), image.width(), image.height());
    }

    static void refuseHuge(InputFile input, int width, int height) throws UnwritableOutputException {
        if ((long) width * height > MAX_PIXELS) {
            throw new UnwritableOutputException(
                    input,
                    "has %d x %d pixels; boxes are drawn and cropped for at most %d million; split it into tiles,"
                                    .formatted(width, height, MAX_PIXELS / 1_000_000)
                            + " or use --no-pictures and no --crops");
        }
    }
}
