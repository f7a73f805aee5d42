package yolompi.data.augment;

import static org.bytedeco.opencv.global.opencv_core.BORDER_CONSTANT;
import static org.bytedeco.opencv.global.opencv_core.BORDER_REPLICATE;
import static org.bytedeco.opencv.global.opencv_core.BORDER_TRANSPARENT;
import static org.bytedeco.opencv.global.opencv_core.CV_64FC1;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_core.LUT;
import static org.bytedeco.opencv.global.opencv_core.addWeighted;
import static org.bytedeco.opencv.global.opencv_core.copyMakeBorder;
import static org.bytedeco.opencv.global.opencv_core.setNumThreads;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_HSV2RGB;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2HSV;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;
import static org.bytedeco.opencv.global.opencv_imgproc.warpAffine;

import java.util.Optional;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;
import yolompi.geometry.Box;

/**
 * A square uint8 RGB image into which other images are painted, each with one map and one
 * interpolation. The enclosing pointer scope frees its pixels.
 */
final class Canvas {
    static {
        // Each loader thread paints its own canvas; OpenCV's own threads would only compete.
        setNumThreads(1);
    }

    /** OpenCV's 8-bit hue has 180 levels. */
    private static final int HUES = 180;

    private final int size;
    private Mat pixels;

    Canvas(int size) {
        this.size = size;
        this.pixels = new Mat();
    }

    /** Paints one image and fills the rest with gray. */
    void paint(ShardImage stored, Affine storedToInput) {
        Mat picture = stored.decode(storedToInput.magnification());
        warpAffine(
                picture,
                pixels,
                matrix(shrunk(stored, picture).then(storedToInput)),
                new Size(size, size),
                INTER_LINEAR,
                BORDER_CONSTANT,
                gray());
    }

    /** Paints one of several images and keeps the other pixels. */
    void paintTile(ShardImage stored, Affine storedToInput) {
        if (pixels.empty()) {
            pixels = new Mat(size, size, CV_8UC3, gray());
        }
        Optional<Rect> region = region(storedToInput.apply(new Box(0, 0, stored.width(), stored.height())));
        if (region.isEmpty()) {
            return;
        }
        Rect part = region.get();
        Mat picture = stored.decode(storedToInput.magnification());
        Affine onto = shrunk(stored, picture).then(storedToInput).then(Affine.move(-part.x(), -part.y()));
        // OpenCV skips pixels that mix with the transparent border. A rim of one extra pixel keeps
        // the image complete.
        Mat rimmed = new Mat();
        copyMakeBorder(picture, rimmed, 1, 1, 1, 1, BORDER_REPLICATE, gray());
        warpAffine(
                rimmed,
                pixels.apply(part),
                matrix(Affine.move(-1, -1).then(onto)),
                part.size(),
                INTER_LINEAR,
                BORDER_TRANSPARENT,
                gray());
    }

    /** Changes the colors inside a box only. */
    void jitterColors(Augmentation drawn, Box inside) {
        region(inside).ifPresent(part -> jitterColors(drawn, pixels.apply(part)));
    }

    /**
     * Changes hue, saturation and brightness in place, with a lookup table of 256 entries each.
     *
     * @param rgb uint8 {@code [h,w,3]}; may be a region of a larger image
     */
    private static void jitterColors(Augmentation drawn, Mat rgb) {
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

    /** Blends another image into this one. */
    void mix(Canvas other, double ownPart) {
        addWeighted(pixels, ownPart, other.pixels, 1 - ownPart, 0, pixels);
    }

    /** Writes size · size · 3 bytes. */
    void copyTo(byte[] images, int offset) {
        pixels.data().get(images, offset, size * size * 3);
    }

    private static Affine shrunk(ShardImage stored, Mat picture) {
        return Affine.scale((double) stored.width() / picture.cols(), (double) stored.height() / picture.rows());
    }

    /** The pixels that a box touches; empty if it is outside. */
    private Optional<Rect> region(Box box) {
        Box inside = box.clip(size, size);
        int left = (int) Math.floor(inside.x1());
        int top = (int) Math.floor(inside.y1());
        int width = (int) Math.ceil(inside.x2()) - left;
        int height = (int) Math.ceil(inside.y2()) - top;
        return width > 0 && height > 0 ? Optional.of(new Rect(left, top, width, height)) : Optional.empty();
    }

    private static Mat matrix(Affine map) {
        Mat matrix = new Mat(2, 3, CV_64FC1);
        new DoublePointer(matrix.data()).put(map.betweenPixelIndices());
        return matrix;
    }

    private static Scalar gray() {
        return Scalar.all(Augmenter.PADDING);
    }
}
