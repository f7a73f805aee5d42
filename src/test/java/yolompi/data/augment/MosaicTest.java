package yolompi.data.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.DoubleToIntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import yolompi.data.ImageEncoding;
import yolompi.data.ImageFixture;
import yolompi.data.Sample;
import yolompi.data.SampleList;
import yolompi.data.SampleRef;
import yolompi.data.SampleSource;
import yolompi.data.sampler.RandomStreams;
import yolompi.data.sampler.SampleOrder;
import yolompi.geometry.Box;
import yolompi.geometry.LabeledBox;
import yolompi.recipe.AugmentRecipe;
import yolompi.recipe.Recipes;

/** Mosaic and mixup of images that each have their own color and a white patch in a box. */
final class MosaicTest {
    private static final int SIZE = 160;
    private static final int IMAGES = 12;
    private static final AugmentRecipe MOSAIC = Recipes.augmentOnly("mosaic=1");

    private record Reading(byte[] pixels, List<LabeledBox> boxes) {
        int level(int x, int y, int channel) {
            return Byte.toUnsignedInt(pixels[(y * SIZE + x) * 3 + channel]);
        }

        boolean isWhite(int x, int y) {
            return level(x, y, 0) > 200 && level(x, y, 1) > 200 && level(x, y, 2) > 200;
        }

        boolean isPadding(int x, int y) {
            return IntStream.range(0, 3).allMatch(channel -> level(x, y, channel) == Augmenter.PADDING);
        }

        /** All images have the same green; red identifies them. */
        Set<Integer> imagesSeen() {
            Set<Integer> seen = new HashSet<>();
            for (int y = 0; y < SIZE; y++) {
                for (int x = 0; x < SIZE; x++) {
                    if (level(x, y, 1) == 10 && level(x, y, 0) % 15 == 0) {
                        seen.add(level(x, y, 0) / 15);
                    }
                }
            }
            return seen;
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 80, 48, 160, 160", "1, 80, 48, 160, 160", "2, 80, 48, 160, 160", "3, 80, 48, 160, 160"})
    void innerCornerOfEachTileIsAtTheMosaicCenter(int tile, int x, int y, int width, int height) {
        Mosaic mosaic = new Mosaic(0.5, 0.3, 1, 2, 3);

        Box placed = mosaic.place(tile, 2 * width, height, 160).apply(new Box(0, 0, 2 * width, height));

        boolean left = tile == 0 || tile == 2;
        boolean top = tile < 2;
        assertThat(left ? placed.x2() : placed.x1()).isCloseTo(x, within(1e-3f));
        assertThat(top ? placed.y2() : placed.y1()).isCloseTo(y, within(1e-3f));
        assertThat(placed.width()).isCloseTo(160, within(1e-3f));
        assertThat(placed.height()).isCloseTo(80, within(1e-3f));
    }

    @Test
    void mosaicShowsItsOwnAndOtherImagesWithoutGaps() {
        Set<Integer> counts = new HashSet<>();
        int own = 0;
        for (int epoch = 0; epoch < 30; epoch++) {
            Reading reading = read(MOSAIC, sources(SIZE, SIZE), epoch, 5);
            Set<Integer> seen = reading.imagesSeen();
            counts.add(seen.size());
            own += seen.contains(5) ? 1 : 0;
            for (int i = 0; i < SIZE; i++) {
                assertThat(reading.isPadding(i, SIZE - 1 - i)).isFalse();
            }
        }
        assertThat(counts).contains(4).allSatisfy(count -> assertThat(count).isBetween(1, 4));
        assertThat(own).isGreaterThan(25);
    }

    @ParameterizedTest
    @CsvSource({"160, 160, JPEG", "320, 200, JPEG", "90, 130, JPEG", "320, 200, RAW", "130, 90, RAW"})
    void everyBoxContainsItsWhitePatch(int width, int height, ImageEncoding encoding) {
        SampleList images = sources(width, height);
        SampleList source = encoding == ImageEncoding.RAW ? raw(images) : images;
        for (String turned : List.of("rotate=0", "rotate=20", "shear=15")) {
            AugmentRecipe recipe = Recipes.augmentOnly(
                    "mosaic=1",
                    turned,
                    "flip=0.5",
                    "flip_vertical=0.5",
                    "scale=0.4",
                    "translate=0.1",
                    "min_box_visible=0",
                    "min_box_edge=0");
            int boxes = 0;
            for (int epoch = 0; epoch < 20; epoch++) {
                boxes += checkBoxes(read(recipe, source, epoch, 3), turned.endsWith("=0"));
            }
            assertThat(boxes).isGreaterThan(20);
        }
    }

    /**
     * White pixels are only inside boxes. Boxes are white inside; this is exact only without
     * rotation.
     */
    private static int checkBoxes(Reading reading, boolean upright) {
        int stray = 0;
        int white = 0;
        int darkInside = 0;
        for (int y = 0; y < SIZE; y++) {
            for (int x = 0; x < SIZE; x++) {
                if (reading.isWhite(x, y)) {
                    white++;
                    stray += isInside(reading.boxes(), x, y, 1) ? 0 : 1;
                } else if (upright && isInside(reading.boxes(), x, y, -2)) {
                    darkInside++;
                }
            }
        }
        assertThat(darkInside).isZero();
        assertThat(stray).isLessThanOrEqualTo(white / 200);
        return reading.boxes().size();
    }

    private static boolean isInside(List<LabeledBox> boxes, int x, int y, float margin) {
        for (LabeledBox labeled : boxes) {
            Box box = labeled.box();
            if (x + 0.5f > box.x1() - margin
                    && x + 0.5f < box.x2() + margin
                    && y + 0.5f > box.y1() - margin
                    && y + 0.5f < box.y2() + margin) {
                return true;
            }
        }
        return false;
    }

    @Test
    void lastEpochsHaveNoMosaic() {
        AugmentRecipe closing = Recipes.augmentOnly("mosaic=1", "mixup=1", "close_mosaic_epochs=3");
        for (int epoch = 0; epoch < 10; epoch++) {
            Reading reading = read(Augmenter.training(closing, 9, 10), sources(SIZE, SIZE), epoch, 4);
            if (epoch < 7) {
                assertThat(reading.boxes().size()).isNotEqualTo(1);
            } else {
                assertThat(reading.imagesSeen()).containsExactly(4);
                assertThat(reading.boxes()).hasSize(1);
            }
        }
    }

    @Test
    void disablingMosaicKeepsTheOtherAugmentations() {
        SampleRef reading = new SampleRef(3, 8);
        Augmentation with = Augmentation.draw(MOSAIC, RandomStreams.reading(1, reading));
        Augmentation without = Augmentation.draw(Recipes.augmentOnly(), RandomStreams.reading(1, reading));

        assertThat(with).isEqualTo(without);
    }

    @Test
    void mixupBlendsTwoImagesAndKeepsTheBoxesOfBoth() {
        AugmentRecipe recipe = Recipes.augmentOnly("mixup=1");
        Set<Integer> boxCounts = new HashSet<>();
        List<Integer> levels = new ArrayList<>();
        for (int epoch = 0; epoch < 40; epoch++) {
            Reading reading = read(recipe, sources(SIZE, SIZE), epoch, 0);
            boxCounts.add(reading.boxes().size());
            levels.add(reading.level(5, 5, 2)); // blue is 0 in image 0, and 220 in all others
        }
        assertThat(boxCounts).containsExactly(2);
        assertThat(levels.stream().filter(level -> level > 60 && level < 160)).hasSizeGreaterThan(30);
        assertThat(levels).allSatisfy(level -> assertThat(level).isLessThan(180));
    }

    @Test
    void mixupProbabilityIsThatOfTheRecipe() {
        AugmentRecipe recipe = Recipes.augmentOnly("mixup=0.25");
        long mixed = IntStream.range(0, 400)
                .filter(epoch ->
                        read(recipe, sources(SIZE, SIZE), epoch, 1).boxes().size() == 2)
                .count();
        assertThat(mixed).isBetween(70L, 130L);
    }

    @Test
    void boxesLongerThanTheLimitAreDropped() {
        Sample sample = ImageFixture.sample(
                0,
                ImageFixture.gradient(SIZE, SIZE),
                "png",
                ImageFixture.labeled(0, 0, 100, 9),
                ImageFixture.labeled(0, 0, 100, 11));
        AugmentRecipe recipe = Recipes.augmentOnly("max_box_aspect=10");

        assertThat(read(recipe, SampleList.of(sample), 0, 0).boxes()).hasSize(1);
    }

    @Test
    void mosaicOfWindowedReadsUsesOnlyItsWindow() {
        Augmenter augmenter = Augmenter.training(Recipes.augmentOnly("mosaic=1", "mixup=0.5"), 9, 1000)
                .joiningBy(SampleOrder.windows(List.of(4, 4, 4), 1, 9));
        for (int index = 1; index < IMAGES; index++) {
            assertThat(read(augmenter, sources(SIZE, SIZE), 0, index).imagesSeen())
                    .containsExactly(index);
        }
    }

    @Test
    void randomNumbersAreTheRecordedOnes() {
        DoubleToIntFunction ofHundred = uniform -> (int) (uniform * 100);
        assertThat(Mosaic.draw(new SplittableRandom(5), ofHundred))
                .isEqualTo(Mosaic.draw(new SplittableRandom(5), ofHundred));
        Mosaic mosaic = Mosaic.draw(RandomStreams.reading(42, new SampleRef(3, 17)), ofHundred);
        assertThat(List.of(mosaic.first(), mosaic.second(), mosaic.third()))
                .allSatisfy(index -> assertThat(index).isBetween(0, 99));
    }

    private static Reading read(AugmentRecipe recipe, SampleSource source, int epoch, int index) {
        return read(Augmenter.training(recipe, 9, 1000), source, epoch, index);
    }

    private static Reading read(Augmenter augmenter, SampleSource source, int epoch, int index) {
        byte[] pixels = new byte[SIZE * SIZE * 3];
        return new Reading(pixels, augmenter.augment(source, new SampleRef(epoch, index), SIZE, pixels, 0));
    }

    private static SampleList sources(int width, int height) {
        return new SampleList(IntStream.range(0, IMAGES)
                .mapToObj(index -> sample(index, width, height))
                .toList());
    }

    private static Sample sample(int index, int width, int height) {
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D canvas = picture.createGraphics();
        canvas.setColor(new Color(15 * index, 10, index == 0 ? 0 : 220));
        canvas.fillRect(0, 0, width, height);
        canvas.setColor(Color.WHITE);
        canvas.fillRect(width / 4, height / 4, width / 2, height / 2);
        canvas.dispose();
        Rectangle patch = new Rectangle(width / 4, height / 4, width / 2, height / 2);
        LabeledBox box = ImageFixture.labeled(patch.x, patch.y, (float) patch.getMaxX(), (float) patch.getMaxY());
        return ImageFixture.sample(index, picture, "png", box);
    }

    private static SampleList raw(SampleList files) {
        return new SampleList(files.samples().stream()
                .map(file -> new Sample(
                        file.index(),
                        file.imageId(),
                        file.width(),
                        file.height(),
                        ImageEncoding.RAW,
                        RawPixels.letterboxed(file.image(), SIZE),
                        file.boxes()))
                .toList());
    }
}
