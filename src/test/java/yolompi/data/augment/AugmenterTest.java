package yolompi.data.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.InputException;
import yolompi.data.ImageEncoding;
import yolompi.data.ImageFileFixture;
import yolompi.data.ImageFixture;
import yolompi.data.Sample;
import yolompi.data.SampleList;
import yolompi.data.SampleRef;
import yolompi.data.sampler.RandomStreams;
import yolompi.geometry.Box;
import yolompi.geometry.LabeledBox;
import yolompi.recipe.AugmentRecipe;
import yolompi.recipe.Recipes;

final class AugmenterTest {
    private static final int SIZE = 96;
    private static final AugmentRecipe STRONG = Recipes.strongAugment();

    private record Reading(byte[] pixels, List<LabeledBox> boxes) {}

    @Test
    void sameReadGivesTheSamePixels() {
        Sample sample =
                ImageFixture.sample(7, ImageFixture.gradient(120, 90), "png", ImageFixture.labeled(20, 20, 80, 70));
        Reading once = read(STRONG, 3, sample, 5);
        Reading again = read(STRONG, 3, sample, 5);
        assertThat(again.pixels()).isEqualTo(once.pixels());
        assertThat(again.boxes()).isEqualTo(once.boxes());
    }

    @Test
    void seedEpochAndSampleEachChangeThePixels() {
        Sample sample = ImageFixture.sample(7, ImageFixture.gradient(120, 90), "png");
        byte[] pixels = read(STRONG, 3, sample, 5).pixels();
        assertThat(read(STRONG, 4, sample, 5).pixels()).isNotEqualTo(pixels);
        assertThat(read(STRONG, 3, sample, 6).pixels()).isNotEqualTo(pixels);
        assertThat(read(STRONG, 3, ImageFixture.sample(8, ImageFixture.gradient(120, 90), "png"), 5)
                        .pixels())
                .isNotEqualTo(pixels);
    }

    @Test
    void randomNumbersAreTheRecordedOnes() {
        Augmentation drawn = Augmentation.draw(STRONG, RandomStreams.reading(42, new SampleRef(3, 17)));
        assertThat(drawn)
                .isEqualTo(new Augmentation(
                        1.2352634067056851,
                        1.2418775736927459,
                        0.07207755573749082,
                        0.0046154490485318615,
                        0,
                        0,
                        0,
                        false,
                        false,
                        -0.08564505308352949,
                        0.4314567125762211,
                        0.8959273151127601));
    }

    @Test
    void disablingOneAugmentationKeepsTheOthers() {
        AugmentRecipe unmoved =
                Recipes.augmentOnly("flip=0.5", "hue=0.1", "saturation=0.7", "value=0.4", "scale=0.5", "aspect=0.3");
        for (int index = 0; index < 20; index++) {
            Augmentation all = Augmentation.draw(STRONG, RandomStreams.reading(1, new SampleRef(0, index)));
            Augmentation less = Augmentation.draw(unmoved, RandomStreams.reading(1, new SampleRef(0, index)));
            assertThat(less)
                    .usingRecursiveComparison()
                    .ignoringFields("translateX", "translateY")
                    .isEqualTo(all);
        }
    }

    @Test
    void augmenterWritesOnlyTheImagesPartOfTheBatch() {
        Sample sample = ImageFixture.sample(0, ImageFixture.gradient(50, 50), "png");
        byte[] images = new byte[3 * SIZE * SIZE * 3];
        Augmenter.letterbox().augment(SampleList.of(sample), new SampleRef(0, 0), SIZE, images, SIZE * SIZE * 3);
        assertThat(Arrays.copyOfRange(images, 0, SIZE * SIZE * 3)).containsOnly(0);
        assertThat(Arrays.copyOfRange(images, SIZE * SIZE * 3, 2 * SIZE * SIZE * 3))
                .doesNotContain((byte) 0);
        assertThat(Arrays.copyOfRange(images, 2 * SIZE * SIZE * 3, 3 * SIZE * SIZE * 3))
                .containsOnly(0);
    }

    @ParameterizedTest
    @CsvSource({"255,0,0", "0,255,0", "0,0,255", "10,200,90"})
    void pixelsAreInRgbOrder(int red, int green, int blue) {
        Reading reading = read(AugmentRecipe.none(), 1, ImageFixture.sample(0, plain(red, green, blue), "png"), 0);
        assertThat(center(reading)).containsExactly(red, green, blue);
    }

    @Test
    void colorChangesStayWithinTheRecipe() {
        AugmentRecipe colors = Recipes.augmentOnly("value=0.4");
        int darkest = 255;
        int brightest = 0;
        for (int index = 0; index < 60; index++) {
            int[] rgb = center(read(colors, 1, ImageFixture.sample(index, plain(120, 120, 120), "png"), 0));
            darkest = Math.min(darkest, rgb[0]);
            brightest = Math.max(brightest, rgb[0]);
            assertThat(rgb[1]).isEqualTo(rgb[0]);
        }
        assertThat(darkest).isBetween(72, 85);
        assertThat(brightest).isBetween(155, 168);
    }

    @Test
    void hueShiftMovesRedToItsNeighborsOnTheColorCircle() {
        AugmentRecipe hue = Recipes.augmentOnly("hue=0.16666666666666666");
        for (int index = 0; index < 40; index++) {
            int[] rgb = center(read(hue, 1, ImageFixture.sample(index, plain(255, 0, 0), "png"), 0));
            assertThat(rgb[0]).isEqualTo(255);
            assertThat(Math.min(rgb[1], rgb[2])).isZero();
        }
    }

    @Test
    void colorChangesLeaveThePaddingGray() {
        AugmentRecipe colors = Recipes.augmentOnly("hue=0.5", "saturation=0.9", "value=0.9");
        Reading reading = read(colors, 1, ImageFixture.sample(3, ImageFixture.gradient(192, 96), "png"), 0);
        byte[] firstRows = Arrays.copyOf(reading.pixels(), 20 * SIZE * 3);
        assertThat(firstRows).containsOnly(Augmenter.PADDING);
    }

    @ParameterizedTest
    @CsvSource({"1,10,10,40,30", "3,80,50,110,70", "6,50,10,70,40", "8,10,80,30,110"})
    void exifOrientationIsApplied(int orientation, int x1, int y1, int x2, int y2) {
        BufferedImage stored = ImageFixture.whiteOnBlack(120, 80, new Box(10, 10, 40, 30));
        boolean turned = orientation > 4;
        Sample sample = new Sample(
                0,
                "turned",
                turned ? 80 : 120,
                turned ? 120 : 80,
                ImageEncoding.JPEG,
                ImageFileFixture.withOrientation(ImageFixture.encode(stored, "jpg"), orientation),
                List.of(ImageFixture.labeled(x1, y1, x2, y2)));
        Reading reading = read(AugmentRecipe.none(), 1, sample, 0);
        Box bright = ImageFixture.brightPart(reading.pixels(), SIZE);
        assertThat(bright.iou(reading.boxes().get(0).box())).isGreaterThan(0.9f);
    }

    @Test
    void grayImageBecomesRgb() {
        BufferedImage gray = new BufferedImage(60, 60, BufferedImage.TYPE_BYTE_GRAY);
        gray.createGraphics().fillRect(0, 0, 60, 60);
        assertThat(center(read(AugmentRecipe.none(), 1, ImageFixture.sample(0, gray, "jpg"), 0)))
                .containsExactly(255, 255, 255);
    }

    @ParameterizedTest
    @CsvSource({"0,0,0", "255,255,255", "0,255,255", "255,0,255", "255,255,0"})
    void cmykImageBecomesRgb(int cyan, int magenta, int yellow) throws IOException {
        byte[] bytes = ImageFixture.plainCmyk(64, cyan, magenta, yellow, 255);
        Sample sample = new Sample(0, "print", 64, 64, ImageEncoding.JPEG, bytes, List.of());
        int[] rgb = center(read(AugmentRecipe.none(), 1, sample, 0));
        // CMYK files are inverted: they store the visible paper, not the ink.
        assertThat(rgb[0]).isCloseTo(cyan, within(3));
        assertThat(rgb[1]).isCloseTo(magenta, within(3));
        assertThat(rgb[2]).isCloseTo(yellow, within(3));
    }

    @ParameterizedTest
    @ValueSource(ints = {96, 64, 160, 400})
    void rawPixelsEqualTheDecodedFile(int rawSize) {
        Sample file =
                ImageFixture.sample(5, ImageFixture.gradient(400, 300), "png", ImageFixture.labeled(100, 80, 300, 240));
        Sample raw = raw(file, rawSize);
        for (AugmentRecipe recipe : List.of(
                AugmentRecipe.none(), Recipes.augmentOnly("flip=0.5", "scale=0.3", "translate=0.1", "aspect=0.2"))) {
            Reading fromFile = read(recipe, 1, file, 2);
            Reading fromRaw = read(recipe, 1, raw, 2);
            Box expected = fromFile.boxes().get(0).box();
            Box actual = fromRaw.boxes().get(0).box();
            assertThat(actual.x1()).isCloseTo(expected.x1(), within(0.01f));
            assertThat(actual.y2()).isCloseTo(expected.y2(), within(0.01f));
            assertThat(meanDifference(fromFile.pixels(), fromRaw.pixels())).isLessThan(2.5);
        }
    }

    @Test
    void downscalingAveragesPixels() {
        for (String format : List.of("png", "jpg")) {
            Sample sample = ImageFixture.sample(0, ImageFixture.noise(SIZE * 8, SIZE * 8, 4), format);
            byte[] pixels = read(AugmentRecipe.none(), 1, sample, 0).pixels();
            double squares = 0;
            for (byte level : pixels) {
                squares += Math.pow(Byte.toUnsignedInt(level) - 127.5, 2);
            }
            // A noise pixel has a standard deviation of 74 levels, the mean of 64 pixels one of 9.
            assertThat(Math.sqrt(squares / pixels.length)).isLessThan(20);
        }
    }

    @Test
    void invalidImageBytesAreRejectedWithTheName() {
        for (byte[] bytes : List.of(new byte[0], new byte[] {1, 2, 3}, new byte[5000])) {
            Sample broken = new Sample(12, "cell_12", 10, 10, ImageEncoding.JPEG, bytes, List.of());
            assertThatThrownBy(() -> read(AugmentRecipe.none(), 1, broken, 0))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("sample 12 (image cell_12)")
                    .hasMessageContaining(bytes.length + " bytes");
        }
    }

    @Test
    void imageWithAnotherSizeThanTheShardStatesIsRejected() {
        byte[] bytes = ImageFixture.encode(ImageFixture.gradient(50, 40), "jpg");
        Sample wrong = new Sample(1, "a", 40, 50, ImageEncoding.JPEG, bytes, List.of());
        assertThatThrownBy(() -> read(AugmentRecipe.none(), 1, wrong, 0))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("50 × 40")
                .hasMessageContaining("40 × 50");
    }

    @Test
    void rawBytesThatAreNotSquareAreRejected() {
        Sample wrong = new Sample(1, "a", 40, 50, ImageEncoding.RAW, new byte[3 * 10 * 11], List.of());
        assertThatThrownBy(() -> read(AugmentRecipe.none(), 1, wrong, 0))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("330 bytes of raw pixels");
    }

    private static Reading read(AugmentRecipe recipe, long seed, Sample sample, int epoch) {
        byte[] pixels = new byte[SIZE * SIZE * 3];
        List<LabeledBox> boxes = Augmenter.training(recipe, seed, 1000)
                .augment(SampleList.of(sample), new SampleRef(epoch, sample.index()), SIZE, pixels, 0);
        return new Reading(pixels, boxes);
    }

    private static Sample raw(Sample file, int rawSize) {
        byte[] pixels = new byte[rawSize * rawSize * 3];
        Augmenter.letterbox().augment(SampleList.of(file), new SampleRef(0, file.index()), rawSize, pixels, 0);
        return new Sample(
                file.index(), file.imageId(), file.width(), file.height(), ImageEncoding.RAW, pixels, file.boxes());
    }

    private static BufferedImage plain(int red, int green, int blue) {
        BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        int[] pixels = new int[64 * 64];
        Arrays.fill(pixels, red << 16 | green << 8 | blue);
        image.setRGB(0, 0, 64, 64, pixels, 0, 64);
        return image;
    }

    private static int[] center(Reading reading) {
        int at = (SIZE / 2 * SIZE + SIZE / 2) * 3;
        byte[] pixels = reading.pixels();
        return new int[] {
            Byte.toUnsignedInt(pixels[at]), Byte.toUnsignedInt(pixels[at + 1]), Byte.toUnsignedInt(pixels[at + 2])
        };
    }

    private static double meanDifference(byte[] one, byte[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += Math.abs(Byte.toUnsignedInt(one[i]) - Byte.toUnsignedInt(other[i]));
        }
        return sum / one.length;
    }
}
