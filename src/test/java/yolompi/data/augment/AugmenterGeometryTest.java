package yolompi.data.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import yolompi.data.ImageFixture;
import yolompi.data.Sample;
import yolompi.data.SampleList;
import yolompi.data.SampleRef;
import yolompi.geometry.Box;
import yolompi.geometry.LabeledBox;
import yolompi.geometry.Letterbox;
import yolompi.recipe.AugmentRecipe;
import yolompi.recipe.Recipes;

/** Boxes and pixels must move together. */
final class AugmenterGeometryTest {
    private static final int SIZE = 160;

    static Stream<AugmentRecipe> recipes() {
        return Stream.of(
                AugmentRecipe.none(),
                Recipes.augmentOnly("flip=1"),
                Recipes.augmentOnly("scale=0.6"),
                Recipes.augmentOnly("translate=0.3"),
                Recipes.augmentOnly("aspect=0.5"),
                Recipes.augmentOnly("flip_vertical=1"),
                Recipes.augmentOnly("flip=0.5", "scale=0.5", "translate=0.2", "aspect=0.3"));
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void boxCoversItsPixels(AugmentRecipe recipe) {
        Box[] boxes = {new Box(90, 60, 170, 110), new Box(150, 20, 230, 160)};
        int kept = 0;
        for (int index = 0; index < 40; index++) {
            for (Box box : boxes) {
                kept += checkAgreement(recipe, index, 240, 180, box);
            }
        }
        assertThat(kept).isGreaterThan(40);
    }

    @ParameterizedTest
    @CsvSource({"101, 640", "1500, 900", "333, 1111", "3200, 200"})
    void boxesOfLargeAndOddSizedImagesCoverTheirPixels(int width, int height) {
        Box box = new Box(
                (float) Math.floor(width * 0.3),
                (float) Math.floor(height * 0.2),
                (float) Math.floor(width * 0.7),
                (float) Math.floor(height * 0.9));
        AugmentRecipe recipe = Recipes.augmentOnly("flip=0.5", "scale=0.5", "translate=0.1", "aspect=0.2");
        for (int index = 0; index < 5; index++) {
            checkAgreement(recipe, index, width, height, box);
            checkAgreement(AugmentRecipe.none(), index, width, height, box);
        }
    }

    @ParameterizedTest
    @CsvSource({"320, 240", "100, 300", "500, 333", "160, 160", "1280, 960"})
    void mapWithoutAugmentationIsTheLetterbox(int width, int height) {
        LabeledBox box = ImageFixture.labeled(width / 4f, height / 4f, width / 2f, height / 2f);
        byte[] pixels = new byte[SIZE * SIZE * 3];
        Sample sample = ImageFixture.sample(0, ImageFixture.gradient(width, height), "png", box);
        List<LabeledBox> found =
                Augmenter.letterbox().augment(SampleList.of(sample), new SampleRef(0, sample.index()), SIZE, pixels, 0);

        Letterbox letterbox = Letterbox.fit(width, height, SIZE);
        assertThat(found).hasSize(1);
        assertClose(found.get(0).box(), letterbox.toSquare(box.box()), 1e-3f);
        for (int y = 0; y < SIZE; y++) {
            for (int x = 0; x < SIZE; x++) {
                Box pixel = letterbox.toImage(new Box(x, y, x + 1, y + 1));
                checkAgainstGradient(pixel, width, height, level(pixels, x, y, 0), level(pixels, x, y, 1));
            }
        }
    }

    /**
     * {@link ImageFixture#gradient} is linear, so its levels at the center of an input pixel are
     * known. Pixels at the edge are mixed with the padding.
     */
    private static void checkAgainstGradient(Box pixel, int width, int height, int red, int green) {
        double x = pixel.centerX();
        double y = pixel.centerY();
        double rim = Math.max(1, pixel.width());
        if (x < -rim || y < -rim || x > width + rim || y > height + rim) {
            assertThat(red).isEqualTo(Augmenter.PADDING);
            assertThat(green).isEqualTo(Augmenter.PADDING);
        } else if (x > rim && y > rim && x < width - rim && y < height - rim) {
            assertThat((double) red).isCloseTo(39.5 + 180 * (x - 0.5) / width, within(1.0));
            assertThat((double) green).isCloseTo(39.5 + 180 * (y - 0.5) / height, within(1.0));
        }
    }

    @Test
    void boxMostlyOutsideTheImageIsDropped() {
        AugmentRecipe moves = Recipes.augmentOnly("translate=0.9");
        Box whole = new Box(60, 60, 100, 100);
        int dropped = 0;
        for (int index = 0; index < 200; index++) {
            Sample sample = ImageFixture.sample(
                    index, ImageFixture.whiteOnBlack(SIZE, SIZE, whole), "png", new LabeledBox(whole, 3, false));
            byte[] pixels = new byte[SIZE * SIZE * 3];
            List<LabeledBox> found = Augmenter.training(moves, 4, 1)
                    .augment(SampleList.of(sample), new SampleRef(0, sample.index()), SIZE, pixels, 0);
            float visible = ImageFixture.brightPart(pixels, SIZE).area() / whole.area();
            if (found.isEmpty()) {
                dropped++;
                assertThat(visible).isLessThan(0.26f);
            } else {
                assertThat(visible).isGreaterThan(0.14f);
                assertThat(found.get(0).box().clip(SIZE, SIZE))
                        .isEqualTo(found.get(0).box());
                assertThat(found.get(0).classId()).isEqualTo(3);
            }
        }
        assertThat(dropped).isBetween(20, 180);
    }

    @Test
    void boxSmallerThanTwoPixelsIsDropped() {
        Sample sample = ImageFixture.sample(
                0,
                ImageFixture.gradient(1600, 1600),
                "png",
                ImageFixture.labeled(100, 100, 118, 400),
                ImageFixture.labeled(100, 100, 122, 400));
        List<LabeledBox> found = Augmenter.training(Recipes.augmentOnly(), 1, 1)
                .augment(SampleList.of(sample), new SampleRef(0, 0), SIZE, new byte[SIZE * SIZE * 3], 0);
        assertThat(found).hasSize(1);
        assertThat(found.get(0).box().width()).isCloseTo(2.2f, within(1e-3f));
    }

    /** @return number of boxes kept */
    private static int checkAgreement(AugmentRecipe recipe, int index, int width, int height, Box box) {
        Sample sample = ImageFixture.sample(
                index, ImageFixture.whiteOnBlack(width, height, box), "png", new LabeledBox(box, 0, false));
        byte[] pixels = new byte[SIZE * SIZE * 3];
        List<LabeledBox> found = Augmenter.training(recipe, 11, 1)
                .augment(SampleList.of(sample), new SampleRef(2, sample.index()), SIZE, pixels, 0);
        for (LabeledBox label : found) {
            assertClose(ImageFixture.brightPart(pixels, SIZE), label.box(), 1);
        }
        return found.size();
    }

    private static int level(byte[] pixels, int x, int y, int channel) {
        return Byte.toUnsignedInt(pixels[(y * SIZE + x) * 3 + channel]);
    }

    private static void assertClose(Box actual, Box expected, float tolerance) {
        assertThat(actual.x1()).isCloseTo(expected.x1(), within(tolerance));
        assertThat(actual.y1()).isCloseTo(expected.y1(), within(tolerance));
        assertThat(actual.x2()).isCloseTo(expected.x2(), within(tolerance));
        assertThat(actual.y2()).isCloseTo(expected.y2(), within(tolerance));
    }
}
