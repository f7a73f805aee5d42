package yolompi.data;

import static org.bytedeco.opencv.global.opencv_core.BORDER_CONSTANT;
import static org.bytedeco.opencv.global.opencv_core.CV_64FC1;
import static org.bytedeco.opencv.global.opencv_core.setNumThreads;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;
import static org.bytedeco.opencv.global.opencv_imgproc.warpAffine;

import java.util.List;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;
import yolompi.geometry.Box;
import yolompi.geometry.LabeledBox;
import yolompi.geometry.Letterbox;
import yolompi.recipe.AugmentRecipe;

/**
 * Turns packed samples into network input: decodes, letterboxes, and changes at random as the recipe says. What is random about a reading
 * depends on the seed and its {@link SampleRef} alone. Safe to call from several threads.
 *
 * <p>The way of a pixel is one map (letterbox, stretched about the centre, moved, mirrored) and one interpolation; boxes take the same
 * map. With {@link AugmentRecipe#none()} the map is {@link Letterbox#fit}.
 */
public final class Augmenter {
    /** The grey of pixels outside the image, in all three channels. */
    public static final int PADDING = 114;

    static {
        // The loader's threads each decode their own image: threads inside OpenCV would only get in their way.
        setNumThreads(1);
    }

    private final AugmentRecipe recipe;
    private final long seed;

    public Augmenter(AugmentRecipe recipe, long seed) {
        this.recipe = recipe;
        this.seed = seed;
    }

    /**
     * Writes one reading of a sample into a batch.
     *
     * @param size edge S of the square input, pixels
     * @param images uint8 RGB; S·S·3 bytes of it from {@code offset} are overwritten
     * @return the boxes that remain, in pixels of the input, clipped to it; ignored ones included
     * @throws yolompi.InputException when the sample's bytes are not the image that it claims to be
     */
    @SuppressWarnings("try") // the scope frees every Mat made while it is open; nobody names it
    List<LabeledBox> augment(Sample sample, SampleRef reading, int size, byte[] images, int offset) {
        Augmentation drawn = Augmentation.draw(recipe, Seeds.reading(seed, reading));
        StoredImage stored = StoredImage.of(sample);
        Letterbox letterbox = Letterbox.fit(stored.width(), stored.height(), size);
        AxisAffine storedToInput = AxisAffine.of(letterbox).then(drawn.withinInput(size));
        AxisAffine originalToInput = stored.fromOriginal().then(storedToInput);
        try (PointerScope scope = new PointerScope()) {
            Mat input = paint(stored, storedToInput, size);
            if (drawn.changesColors()) {
                Box visible = originalToInput
                        .apply(new Box(0, 0, sample.width(), sample.height()))
                        .clip(size, size);
                jitterColors(drawn, input, visible);
            }
            input.data().get(images, offset, size * size * 3);
        }
        return moveBoxes(sample.boxes(), originalToInput, size);
    }

    private static Mat paint(StoredImage stored, AxisAffine storedToInput, int size) {
        Mat picture = stored.decode(storedToInput.magnification());
        AxisAffine shrunkToInput = AxisAffine.scale(
                        (double) stored.width() / picture.cols(), (double) stored.height() / picture.rows())
                .then(storedToInput);
        Mat map = new Mat(2, 3, CV_64FC1);
        new DoublePointer(map.data()).put(shrunkToInput.betweenPixelIndices());
        Mat input = new Mat();
        warpAffine(picture, input, map, new Size(size, size), INTER_LINEAR, BORDER_CONSTANT, Scalar.all(PADDING));
        return input;
    }

    /** Changes the colours where the image is, and leaves the padding grey. */
    private static void jitterColors(Augmentation drawn, Mat input, Box visible) {
        int left = (int) Math.floor(visible.x1());
        int top = (int) Math.floor(visible.y1());
        int width = (int) Math.ceil(visible.x2()) - left;
        int height = (int) Math.ceil(visible.y2()) - top;
        if (width > 0 && height > 0) {
            ColorJitter.apply(drawn, input.apply(new Rect(left, top, width, height)));
        }
    }

    private List<LabeledBox> moveBoxes(List<LabeledBox> boxes, AxisAffine originalToInput, int size) {
        return boxes.stream()
                .map(labeled -> labeled.withBox(originalToInput.apply(labeled.box())))
                .filter(labeled -> staysVisible(labeled.box(), size))
                .map(labeled -> labeled.withBox(labeled.box().clip(size, size)))
                .toList();
    }

    private boolean staysVisible(Box box, int size) {
        Box clipped = box.clip(size, size);
        return clipped.width() >= recipe.minBoxEdge()
                && clipped.height() >= recipe.minBoxEdge()
                && clipped.area() >= recipe.minBoxVisible() * box.area();
    }
}
