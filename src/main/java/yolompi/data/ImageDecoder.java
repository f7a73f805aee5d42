package yolompi.data;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Decodes image files by OpenCV, which turns them upright as their EXIF orientation says: the same
 * way for checks, packing, training and pictures.
 */
final class ImageDecoder {
    private ImageDecoder() {}

    /** Decodes a file to uint8 {@code [h,w,3]}, RGB; empty where OpenCV finds no image in it. */
    static Mat decode(byte[] file) {
        return decode(file, 1);
    }

    /**
     * The same with edges divided by {@code reduction}, which JPEG decodes at less cost.
     *
     * @param reduction 1, 2, 4 or 8
     */
    static Mat decode(byte[] file, int reduction) {
        if (file.length == 0) {
            return new Mat();
        }
        try (BytePointer bytes = new BytePointer(file);
                Mat row = new Mat(1, file.length, opencv_core.CV_8UC1, bytes)) {
            return opencv_imgcodecs.imdecode(row, flags(reduction));
        }
    }

    /** IMREAD_REDUCED_COLOR_* mean BGR; the grey ones are the bits of the reduction alone. */
    private static int flags(int reduction) {
        int bits =
                switch (reduction) {
                    case 8 -> opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_8;
                    case 4 -> opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_4;
                    case 2 -> opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_2;
                    default -> 0;
                };
        return bits | opencv_imgcodecs.IMREAD_COLOR_RGB;
    }
}
