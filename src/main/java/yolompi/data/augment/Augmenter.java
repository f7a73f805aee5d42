package yolompi.data.augment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleToIntFunction;
import org.bytedeco.javacpp.PointerScope;
import yolompi.data.Batch;
import yolompi.data.Sample;
import yolompi.data.SampleRef;
import yolompi.data.SampleSource;
import yolompi.data.sampler.RandomStreams;
import yolompi.data.sampler.SampleOrder;
import yolompi.geometry.Box;
import yolompi.geometry.LabeledBox;
import yolompi.geometry.Letterbox;
import yolompi.recipe.AugmentRecipe;

/**
 * Turns packed samples into network input: decodes, letterboxes and augments them as the recipe
 * says. The random numbers of a reading depend only on the seed and the {@link SampleRef}.
 * Thread-safe.
 *
 * <p>All geometric changes are one affine map: first the letterbox or the place in a
 * {@link Mosaic}, then stretch, shear and rotation about the center, translation and mirroring. So
 * each pixel is interpolated only once. Boxes use the same map. Without augmentation the map is
 * {@link Letterbox#fit}.
 */
public final class Augmenter {
    /** Level of the padding in all three channels: gray at one half, as Darknet weights expect. */
    public static final int PADDING = 128;

    /** The mixup ratio follows Beta(32, 32): near one half, so that both images stay visible. */
    private static final int MIX_ALPHA = 32;

    private final AugmentRecipe recipe;
    private final long seed;
    private final int composingEpochs;
    private final Partners partners;

    /** Chooses the partner images of mosaic and mixup, given a uniform number from 0 to 1. */
    private interface Partners {
        Partners ANY = (source, reading, uniform) -> (int) (uniform * source.size());

        int draw(SampleSource source, SampleRef reading, double uniform);
    }

    /** An image in progress and the boxes visible in it. */
    private record Picture(Canvas canvas, List<LabeledBox> boxes) {}

    /**
     * An image as the network input of an evaluation: letterboxed, without augmentation.
     *
     * @param pixels uint8 {@code [S,S,3]}, RGB
     * @param boxes ground-truth boxes in input pixels, including ignored boxes
     */
    public record LetterboxedImage(byte[] pixels, List<LabeledBox> boxes) {
        /**
         * Reads and letterboxes one image.
         *
         * @param size edge S of the input, pixels
         * @throws yolompi.InputException if the sample's bytes are damaged
         */
        public static LetterboxedImage of(SampleSource source, int index, int size) {
            byte[] pixels = new byte[Batch.bytesOf(1, size)];
            List<LabeledBox> boxes = letterbox().augment(source, new SampleRef(0, index), size, pixels, 0);
            return new LetterboxedImage(pixels, boxes);
        }
    }

    private Augmenter(AugmentRecipe recipe, long seed, int composingEpochs, Partners partners) {
        this.recipe = recipe;
        this.seed = seed;
        this.composingEpochs = composingEpochs;
        this.partners = partners;
    }

    /** For evaluation: only the letterbox. Nothing is random, and no box is dropped. */
    public static Augmenter letterbox() {
        return new Augmenter(AugmentRecipe.none(), 0, 0, Partners.ANY);
    }

    /**
     * For training, with mosaic and mixup partners from the whole set.
     *
     * @param epochs number of epochs of the whole run; the last ones have neither mosaic nor mixup
     */
    public static Augmenter training(AugmentRecipe recipe, long seed, int epochs) {
        return new Augmenter(recipe, seed, recipe.composingEpochs(epochs), Partners.ANY);
    }

    /**
     * The same augmenter with the partner images that the order chooses, near its current reads.
     */
    public Augmenter joiningBy(SampleOrder order) {
        return new Augmenter(
                recipe, seed, composingEpochs, (source, reading, uniform) -> order.partner(reading, uniform));
    }

    /**
     * Writes one reading of a sample into a batch.
     *
     * @param source source of the sample and of its partners in mosaic and mixup
     * @param size edge S of the square input, pixels
     * @param images uint8 RGB; S·S·3 bytes from {@code offset} are overwritten
     * @return the remaining boxes, in input pixels and clipped to the input, including ignored
     *     boxes
     * @throws yolompi.InputException if a sample's bytes are not the image that its record
     *     describes
     */
    @SuppressWarnings("try") // unused variable: closing the scope frees every Mat created in it
    public List<LabeledBox> augment(SampleSource source, SampleRef reading, int size, byte[] images, int offset) {
        boolean composes = reading.epoch() < composingEpochs;
        DoubleToIntFunction partner = uniform -> partners.draw(source, reading, uniform);
        try (PointerScope scope = new PointerScope()) {
            SplittableRandom own = RandomStreams.reading(seed, reading);
            Picture picture = picture(source, reading.index(), own, composes ? recipe.mosaic() : 0, partner, size);
            SplittableRandom random = RandomStreams.mixing(seed, reading);
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

    /** The median of 2α - 1 uniform numbers has the distribution Beta(α, α). */
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
        ShardImage stored = ShardImage.of(sample);
        Canvas canvas = new Canvas(size);
        canvas.paint(stored, stored.toOriginal().then(originalToInput));
        if (drawn.changesColors()) { // inside the image's bounding box, so mostly not the padding
            canvas.jitterColors(drawn, originalToInput.apply(new Box(0, 0, sample.width(), sample.height())));
        }
        return new Picture(canvas, moveBoxes(sample.boxes(), originalToInput, size));
    }

    private Picture joined(SampleSource source, int own, Mosaic mosaic, Augmentation drawn, int size) {
        Canvas canvas = new Canvas(size);
        List<LabeledBox> boxes = new ArrayList<>();
        for (int tile = 0; tile < Mosaic.TILES; tile++) {
            Sample sample = source.read(mosaic.index(tile, own));
            ShardImage stored = ShardImage.of(sample);
            Affine originalToInput =
                    mosaic.place(tile, sample.width(), sample.height(), size).then(drawn.withinInput(size));
            canvas.paintTile(stored, stored.toOriginal().then(originalToInput));
            boxes.addAll(moveBoxes(sample.boxes(), originalToInput, size));
        }
        if (drawn.changesColors()) { // padding included, as in Ultralytics
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
