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
    /** The whole picture, to draw into. */
    BufferedImage picture() {
        return Picture.ofRgb(image.pixels(), image.width(), image.height());
    }
}
