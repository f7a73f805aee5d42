package yolompi.data.image;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Decodes image files with OpenCV, which applies the EXIF orientation. Checks, packing, training
 * and predictions all use this class.
 */
public final class ImageDecoder {
    private ImageDecoder() {}

    /** Whether a file begins like a JPEG file. */
    public static boolean isJpeg(byte[] file) {
        return file.length > 3 && file[0] == (byte) 0xFF && file[1] == (byte) 0xD8;
    }

    /** Decodes a file to uint8 {@code [h,w,3]}, RGB; empty if OpenCV finds no image in it. */
    public static Mat decode(byte[] file) {
        return decode(file, 1);
    }

    /**
     * Decodes a file with both edges divided by {@code reduction}, which is faster for JPEG.
     *
     * @param reduction 1, 2, 4 or 8
     */
    public static Mat decode(byte[] file, int reduction) {
        if (file.length == 0) {
            return new Mat();
        }
        try (BytePointer bytes = new BytePointer(file);
                Mat row = new Mat(1, file.length, opencv_core.CV_8UC1, bytes)) {
            return opencv_imgcodecs.imdecode(row, flags(reduction));
        }
    }

    /**
     * IMREAD_REDUCED_COLOR_* imply BGR; the grayscale flags hold only the bits of the reduction.
     */
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
