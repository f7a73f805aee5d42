package yolompi.predict;

import java.awt.image.BufferedImage;
import yolompi.data.ImageFile;
import yolompi.report.Picture;

/**
 * A picture that could be read.
 *
 * @param view as the network sees it, uint8 {@code [S,S,3]}, RGB
 */
public record SeenFrame(Frame frame, ImageFile image, byte[] view) {
    /** As many pixels as Java can hold in three bytes each. */
    private static final long MOST_PIXELS = Integer.MAX_VALUE / 3;

    /**
     * The whole picture, to draw into.
     *
     * @throws UnwritableOutputException where it is too large for one
     */
    BufferedImage picture() throws UnwritableOutputException {
        refuseHuge(frame.input(), image.width(), image.height());
        return Picture.ofRgb(image.pixels(), image.width(), image.height());
    }

    static void refuseHuge(InputFile input, int width, int height) throws UnwritableOutputException {
        if ((long) width * height > MOST_PIXELS) {
            throw new UnwritableOutputException(
                    input,
                    "has %d x %d pixels, and pictures are drawn and cut from at most %d million; cut it into tiles, or find its boxes alone: --no-pictures, and no --crops"
                            .formatted(width, height, MOST_PIXELS / 1_000_000));
        }
    }
}
