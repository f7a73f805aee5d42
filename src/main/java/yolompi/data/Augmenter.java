package yolompi.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleToIntFunction;
import org.bytedeco.javacpp.PointerScope;
import yolompi.geometry.Box;
import yolompi.geometry.LabeledBox;
import yolompi.geometry.Letterbox;
import yolompi.recipe.AugmentRecipe;

/**
 * Turns packed samples into network input: decodes, letterboxes, and changes at random as the
 * recipe says. What is random about a reading depends on the seed and the {@link SampleRef} alone.
 * Safe to call from several threads.
 *
 * <p>The way of a pixel is one map (letterbox or place in a {@link Mosaic}, stretched, slanted and
 * turned about the centre, moved, mirrored) and one interpolation; boxes take the same map. Without
 * any change the map is {@link Letterbox#fit}.
 */
public final class Augmenter {
    /**
     * The grey of pixels outside the image, in all three channels: one half, as in Darknet, whose
     * weights expect it.
     */
    public static final int PADDING = 128;

    /** Mixup's ratio is Beta(32, 32): near one half, so that both pictures stay visible. */
    private static final int MIX_ALPHA = 32;

    private final AugmentRecipe recipe;
    private final long seed;
    private final int composingEpochs;
    private final Partners partners;

    /** Which image may be joined with a reading, by a number from 0 to 1. */
    private interface Partners {
        Partners ANY = (source, reading, uniform) -> (int) (uniform * source.size());

        int draw(SampleSource source, SampleRef reading, double uniform);
    }

    /** A picture under way, and the boxes that are seen in it. */
    private record Picture(Canvas canvas, List<LabeledBox> boxes) {}

    private Augmenter(AugmentRecipe recipe, long seed, int composingEpochs, Partners partners) {
        this.recipe = recipe;
        this.seed = seed;
        this.composingEpochs = composingEpochs;
        this.partners = partners;
    }

    /** The letterbox alone, as for evaluation: nothing is random, and no box is dropped. */
    public static Augmenter letterbox() {
        return new Augmenter(AugmentRecipe.none(), 0, 0, Partners.ANY);
    }

    /**
     * For a training whose pictures are joined from any images of the set.
     *
     * @param epochs of the whole training, of which the last are without mosaic and mixup
     */
    public static Augmenter training(AugmentRecipe recipe, long seed, int epochs) {
        return new Augmenter(recipe, seed, recipe.composingEpochs(epochs), Partners.ANY);
    }

    /**
     * The same for images that are read in this order: those that are joined lie where it reads.
     */
    public Augmenter joiningBy(SampleOrder order) {
        return new Augmenter(
                recipe, seed, composingEpochs, (source, reading, uniform) -> order.partner(reading, uniform));
    }

    /**
     * Writes one reading of a sample into a batch.
     *
     * @param source of the sample, and of those that it is joined with
     * @param size edge S of the square input, pixels
     * @param images uint8 RGB; S·S·3 bytes of it from {@code offset} are overwritten
     * @return the boxes that remain, in pixels of the input, clipped to it; ignored ones included
     * @throws yolompi.InputException when a sample's bytes are not the image that they claim to be
     */
    @SuppressWarnings("try") // the scope frees every Mat made while it is open; nobody names it
    List<LabeledBox> augment(SampleSource source, SampleRef reading, int size, byte[] images, int offset) {
        boolean composes = reading.epoch() < composingEpochs;
        DoubleToIntFunction partner = uniform -> partners.draw(source, reading, uniform);
        try (PointerScope scope = new PointerScope()) {
            SplittableRandom own = Seeds.reading(seed, reading);
            Picture picture = picture(source, reading.index(), own, composes ? recipe.mosaic() : 0, partner, size);
            SplittableRandom random = Seeds.mixing(seed, reading);
            if (composes && random.nextDouble() < recipe.mixup()) {
                picture = mixed(picture, source, random, partner, size);
            }
            picture.canvas().copyTo(images, offset);
            return picture.boxes();
        }
    }

    private Picture mixed(
            Picture picture, SampleSource source, SplittableRandom random, DoubleToIntFunction partner, int size) {
        double ownPart = nearOneHalf(random);
        int index = partner.applyAsInt(random.nextDouble());
        Picture other = picture(source, index, random, recipe.mosaic(), partner, size);
        picture.canvas().mix(other.canvas(), ownPart);
        List<LabeledBox> all = new ArrayList<>(picture.boxes());
        all.addAll(other.boxes());
        return new Picture(picture.canvas(), all);
    }

    /** Of 2α - 1 uniform numbers the median has the distribution Beta(α, α). */
    private static double nearOneHalf(SplittableRandom random) {
        double[] uniform = random.doubles(2 * MIX_ALPHA - 1).toArray();
        Arrays.sort(uniform);
        return uniform[MIX_ALPHA - 1];
    }

    private Picture picture(
            SampleSource source,
            int index,
            SplittableRandom random,
            double mosaicPart,
            DoubleToIntFunction partner,
            int size) {
        Augmentation drawn = Augmentation.draw(recipe, random);
        boolean joined = random.nextDouble() < mosaicPart;
        Mosaic mosaic = Mosaic.draw(random, partner);
        return joined ? joined(source, index, mosaic, drawn, size) : alone(source.read(index), drawn, size);
    }

    private Picture alone(Sample sample, Augmentation drawn, int size) {
        Affine originalToInput =
                Affine.of(Letterbox.fit(sample.width(), sample.height(), size)).then(drawn.withinInput(size));
        StoredImage stored = StoredImage.of(sample);
        Canvas canvas = new Canvas(size);
        canvas.paint(stored, stored.toOriginal().then(originalToInput));
        if (drawn.changesColors()) { // not the padding, but for what a turned or slanted image leaves of its own box
            canvas.jitterColors(drawn, originalToInput.apply(new Box(0, 0, sample.width(), sample.height())));
        }
        return new Picture(canvas, moveBoxes(sample.boxes(), originalToInput, size));
    }

    private Picture joined(SampleSource source, int own, Mosaic mosaic, Augmentation drawn, int size) {
        Canvas canvas = new Canvas(size);
        List<LabeledBox> boxes = new ArrayList<>();
        for (int tile = 0; tile < Mosaic.TILES; tile++) {
            Sample sample = source.read(mosaic.index(tile, own));
            StoredImage stored = StoredImage.of(sample);
            Affine originalToInput =
                    mosaic.place(tile, sample.width(), sample.height(), size).then(drawn.withinInput(size));
            canvas.paintTile(stored, stored.toOriginal().then(originalToInput));
            boxes.addAll(moveBoxes(sample.boxes(), originalToInput, size));
        }
        if (drawn.changesColors()) { // the padding becomes lighter or darker with its images, as in ultralytics
            canvas.jitterColors(drawn, new Box(0, 0, size, size));
        }
        return new Picture(canvas, boxes);
    }

    private List<LabeledBox> moveBoxes(List<LabeledBox> boxes, Affine originalToInput, int size) {
        return boxes.stream()
                .map(labeled -> labeled.withBox(originalToInput.apply(labeled.box())))
                .filter(labeled -> showsItsObject(labeled.box(), size))
                .map(labeled -> labeled.withBox(labeled.box().clip(size, size)))
                .toList();
    }

    private boolean showsItsObject(Box box, int size) {
        Box clipped = box.clip(size, size);
        double longer = Math.max(clipped.width(), clipped.height());
        double shorter = Math.min(clipped.width(), clipped.height());
        return shorter >= recipe.minBoxEdge()
                && clipped.area() >= recipe.minBoxVisible() * box.area()
                && (recipe.maxBoxAspect() == 0 || longer <= recipe.maxBoxAspect() * shorter);
    }
}
