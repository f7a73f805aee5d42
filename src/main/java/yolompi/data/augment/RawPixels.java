package yolompi.data.augment;

import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;
import yolompi.data.image.ImageDecoder;
import yolompi.geometry.Letterbox;

/** Decodes an image file into the square image of a RAW shard. */
public final class RawPixels {
    private static final double PADDING = Augmenter.PADDING;

    private RawPixels() {}

    /** Returns uint8 {@code [size,size,3]}, RGB, letterboxed; EXIF orientation applied. */
    public static byte[] letterboxed(byte[] imageFile, int size) {
        try (Mat pixels = ImageDecoder.decode(imageFile);
                Scalar gray = new Scalar(PADDING, PADDING, PADDING, 0);
                Mat square = new Mat(size, size, opencv_core.CV_8UC3, gray)) {
            fit(pixels, square);
            byte[] raw = new byte[3 * size * size];
            square.data().get(raw);
            return raw;
        }
    }

    private static void fit(Mat pixels, Mat square) {
        Letterbox letterbox = Letterbox.fit(pixels.cols(), pixels.rows(), square.cols());
        int width = Math.max(1, Math.round(pixels.cols() * letterbox.scale()));
        int height = Math.max(1, Math.round(pixels.rows() * letterbox.scale()));
        int interpolation = letterbox.scale() < 1 ? opencv_imgproc.INTER_AREA : opencv_imgproc.INTER_LINEAR;
        try (Rect place = new Rect((square.cols() - width) / 2, (square.rows() - height) / 2, width, height);
                Mat inside = new Mat(square, place);
                Size size = new Size(width, height)) {
            opencv_imgproc.resize(pixels, inside, size, 0, 0, interpolation);
        }
    }
}
