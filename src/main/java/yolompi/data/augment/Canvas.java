package yolompi.data.augment;

import static org.bytedeco.opencv.global.opencv_core.BORDER_CONSTANT;
import static org.bytedeco.opencv.global.opencv_core.BORDER_REPLICATE;
import static org.bytedeco.opencv.global.opencv_core.BORDER_TRANSPARENT;
import static org.bytedeco.opencv.global.opencv_core.CV_64FC1;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_core.addWeighted;
import static org.bytedeco.opencv.global.opencv_core.copyMakeBorder;
import static org.bytedeco.opencv.global.opencv_core.setNumThreads;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;
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

    private final int size;
    private Mat pixels;

    Canvas(int size) {
        this.size = size;
        this.pixels = new Mat();
    }

    /** Paints one image and fills the rest with gray. */
    void paint(StoredImage stored, Affine storedToInput) {
        Mat picture = stored.decode(storedToInput.magnification());
        warpAffine(
                picture,
                pixels,
                matrix(shrunk(stored, picture).then(storedToInput)),
                new Size(size, size),
                INTER_LINEAR,
                BORDER_CONSTANT,
                grey());
    }

    /** Paints one of several images and keeps the other pixels. */
    void paintTile(StoredImage stored, Affine storedToInput) {
        if (pixels.empty()) {
            pixels = new Mat(size, size, CV_8UC3, grey());
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
        copyMakeBorder(picture, rimmed, 1, 1, 1, 1, BORDER_REPLICATE, grey());
        warpAffine(
                rimmed,
                pixels.apply(part),
                matrix(Affine.move(-1, -1).then(onto)),
                part.size(),
                INTER_LINEAR,
                BORDER_TRANSPARENT,
                grey());
    }

    /** Changes the colors inside a box only. */
    void jitterColors(Augmentation drawn, Box inside) {
        region(inside).ifPresent(part -> ColorJitter.apply(drawn, pixels.apply(part)));
    }

    /** Blends another image into this one. */
    void mix(Canvas other, double ownPart) {
        addWeighted(pixels, ownPart, other.pixels, 1 - ownPart, 0, pixels);
    }

    /** Writes size · size · 3 bytes. */
    void copyTo(byte[] images, int offset) {
        pixels.data().get(images, offset, size * size * 3);
    }

    private static Affine shrunk(StoredImage stored, Mat picture) {
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

    private static Scalar grey() {
        return Scalar.all(Augmenter.PADDING);
    }
}
