package yolompi.data;

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
 * A square uint8 RGB picture that images are painted into, each by one map and one interpolation.
 * Its pixels die with the pointer scope.
 */
final class Canvas {
    static {
        // The loader's threads each paint their own picture: threads inside OpenCV would only get
        // in their way.
        setNumThreads(1);
    }

    private final int size;
    private Mat pixels;

    Canvas(int size) {
        this.size = size;
        this.pixels = new Mat();
    }

    /** Paints one image; all around it is grey. */
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

    /** Paints one image of several; what lies beside it stays. */
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
        // Where a pixel mixes with the transparent outside OpenCV leaves it out: a rim of one more
        // pixel makes the image whole.
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

    /** Changes the colours inside a box, and leaves the rest. */
    void jitterColors(Augmentation drawn, Box inside) {
        region(inside).ifPresent(part -> ColorJitter.apply(drawn, pixels.apply(part)));
    }

    /** Lets another picture shine through. */
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

    /** The pixels that a box touches; empty where it lies outside. */
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
