package yolompi.data.augment;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_core.LUT;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_HSV2RGB;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2HSV;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;

import org.bytedeco.opencv.opencv_core.Mat;

/** Changes hue, saturation and brightness of an image with a lookup table of 256 entries each. */
final class ColorJitter {
    /** OpenCV's 8-bit hue has 180 levels. */
    private static final int HUES = 180;

    private ColorJitter() {}

    /**
     * Changes uint8 {@code [h,w,3]} RGB in place; {@code rgb} may be a region of a larger image.
     */
    static void apply(Augmentation drawn, Mat rgb) {
        Mat hsv = new Mat();
        cvtColor(rgb, hsv, COLOR_RGB2HSV);
        LUT(hsv, tables(drawn), hsv);
        cvtColor(hsv, rgb, COLOR_HSV2RGB);
    }

    private static Mat tables(Augmentation drawn) {
        int shift = (int) Math.round(drawn.hueShift() * HUES);
        byte[] entries = new byte[256 * 3];
        for (int i = 0; i < 256; i++) {
            entries[3 * i] = (byte) Math.floorMod(i + shift, HUES);
            entries[3 * i + 1] = scaled(i, drawn.saturationGain());
            entries[3 * i + 2] = scaled(i, drawn.valueGain());
        }
        Mat tables = new Mat(1, 256, CV_8UC3);
        tables.data().put(entries);
        return tables;
    }

    private static byte scaled(int level, double gain) {
        return (byte) Math.min(255, Math.round(level * gain));
    }
}
