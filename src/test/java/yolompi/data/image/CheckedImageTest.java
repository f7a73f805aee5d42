package yolompi.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.data.ImageFileFixture;
import yolompi.data.augment.RawPixels;
import yolompi.data.image.CheckedImage.DamagedImageException;
import yolompi.geometry.Box;

class CheckedImageTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 20, 200})
    void truncatedJpegIsDamaged(int missing) {
        byte[] whole = ImageFileFixture.jpeg(160, 120);
        byte[] cut = Arrays.copyOf(whole, whole.length - missing);
        assertThatThrownBy(() -> CheckedImage.of(cut)).isInstanceOf(DamagedImageException.class);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.01, 0.5, 0.9})
    void truncatedFileOfAnyFormatIsDamaged(double kept) {
        for (byte[] whole : new byte[][] {ImageFileFixture.jpeg(160, 120), ImageFileFixture.png(160, 120)}) {
            byte[] cut = Arrays.copyOf(whole, (int) (kept * whole.length));
            assertThatThrownBy(() -> CheckedImage.of(cut)).isInstanceOf(DamagedImageException.class);
        }
    }

    @Test
    void pngWithAWrongByteIsDamaged() {
        byte[] file = ImageFileFixture.png(160, 120);
        file[file.length / 2] ^= 1;
        assertThatThrownBy(() -> CheckedImage.of(file))
                .isInstanceOf(DamagedImageException.class)
                .hasMessageContaining("checksum");
    }

    @Test
    void bytesAfterTheEndOfAJpegAreIgnored() throws Exception {
        ByteArrayOutputStream longer = new ByteArrayOutputStream();
        longer.writeBytes(ImageFileFixture.jpeg(160, 120));
        longer.writeBytes(new byte[100]);
        CheckedImage image = CheckedImage.of(longer.toByteArray());
        assertThat(image.width()).isEqualTo(160);
    }

    @Test
    void colorSpaceIsReadFromTheFile() throws Exception {
        assertThat(CheckedImage.of(ImageFileFixture.jpeg(32, 32)).color()).isEqualTo(CheckedImage.Color.RGB);
        assertThat(CheckedImage.of(ImageFileFixture.grayJpeg(32, 32)).color()).isEqualTo(CheckedImage.Color.GRAY);
        assertThat(CheckedImage.of(ImageFileFixture.redCmykJpeg(32, 32)).color())
                .isEqualTo(CheckedImage.Color.CMYK);
        assertThat(CheckedImage.of(ImageFileFixture.png(32, 32)).color()).isEqualTo(CheckedImage.Color.RGB);
    }

    @ParameterizedTest
    @CsvSource({"1,80,40", "2,80,40", "3,80,40", "4,80,40", "5,40,80", "6,40,80", "7,40,80", "8,40,80"})
    void sizeIsThatOfTheUprightImage(int orientation, int width, int height) throws Exception {
        CheckedImage image =
                CheckedImage.of(ImageFileFixture.withOrientation(ImageFileFixture.jpeg(80, 40), orientation));
        assertThat(image.orientation().value()).isEqualTo(orientation);
        assertThat(image.width()).isEqualTo(width);
        assertThat(image.height()).isEqualTo(height);
    }

    /**
     * The left half of the image is red. The rotated box must match where decoding puts this half.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void boxIsRotatedLikeTheDecodedPixels(int value) throws Exception {
        byte[] file = ImageFileFixture.withOrientation(ImageFileFixture.jpeg(96, 48), value);
        CheckedImage image = CheckedImage.of(file);
        Box red = image.orientation().toUpright(new Box(0, 0, 48, 32), 96, 48);
        byte[] square = RawPixels.letterboxed(file, 96);
        float left = red.centerX() + (96 - image.width()) / 2f;
        float top = red.centerY() + (96 - image.height()) / 2f;
        int pixel = 3 * (Math.round(top) * 96 + Math.round(left));
        assertThat(square[pixel] & 0xFF).as("red").isGreaterThan(200);
        assertThat(square[pixel + 2] & 0xFF).as("blue").isLessThan(60);
        assertThat(red.area()).isEqualTo(48 * 32);
    }

    @Test
    void cmykIsConvertedToRgb() throws Exception {
        byte[] raw = RawPixels.letterboxed(ImageFileFixture.redCmykJpeg(32, 32), 32);
        assertThat(raw[0] & 0xFF).isGreaterThan(240);
        assertThat(raw[1] & 0xFF).isLessThan(15);
        assertThat(raw[2] & 0xFF).isLessThan(15);
    }
}
