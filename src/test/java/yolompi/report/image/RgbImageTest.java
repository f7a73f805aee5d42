package yolompi.report.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.InputException;

final class RgbImageTest {
    private static final byte[] RED_GREEN = {(byte) 255, 0, 0, 0, (byte) 255, 0};

    @TempDir
    Path folder;

    @Test
    void pngKeepsThePixels() throws Exception {
        Path file = folder.resolve("a.PNG");
        RgbImage.write(RgbImage.ofRgb(RED_GREEN, 2, 1), file);
        BufferedImage read = ImageIO.read(file.toFile());
        assertThat(read.getRGB(0, 0)).isEqualTo(0xffff0000);
        assertThat(read.getRGB(1, 0)).isEqualTo(0xff00ff00);
    }

    @Test
    void transparentImageIsWrittenAsJpeg() throws Exception {
        Path file = folder.resolve("a.jpeg");
        RgbImage.write(new BufferedImage(30, 20, BufferedImage.TYPE_INT_ARGB), file);
        assertThat(ImageIO.read(file.toFile()).getWidth()).isEqualTo(30);
    }

    @Test
    void enlargedImageShowsTheSamePixels() {
        BufferedImage large = RgbImage.enlarged(RgbImage.ofRgb(RED_GREEN, 2, 1), 3);
        assertThat(large.getWidth()).isEqualTo(6);
        assertThat(large.getHeight()).isEqualTo(3);
        assertThat(large.getRGB(0, 2)).isEqualTo(0xffff0000);
        assertThat(large.getRGB(5, 0)).isEqualTo(0xff00ff00);
    }

    @Test
    void unknownExtensionAndWrongPixelCountAreRejected() {
        assertThatThrownBy(() -> RgbImage.write(RgbImage.ofRgb(RED_GREEN, 2, 1), folder.resolve("a.gif")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("a.gif: unknown image format; expected the extension .jpg, .jpeg or .png");
        assertThatThrownBy(() -> RgbImage.ofRgb(RED_GREEN, 2, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("12 bytes, not 6");
    }
}
