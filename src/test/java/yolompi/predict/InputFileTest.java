package yolompi.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class InputFileTest {
    private static final Path OUT = Path.of("out");
    private static final InputFile INPUT = new InputFile(Path.of("in/picture.png"), "picture");

    @Test
    void longestFileNameIsAccepted() throws UnwritableOutputException {
        assertThat(INPUT.outputIn(OUT, "a".repeat(255))).isEqualTo(OUT.resolve("a".repeat(255)));
    }

    @Test
    void nameWithTooManyBytesIsRejected() {
        assertThatThrownBy(() -> INPUT.outputIn(OUT, "é".repeat(128)))
                .isInstanceOf(UnwritableOutputException.class)
                .hasMessageContaining("longer than 255 bytes");
    }

    @Test
    void invalidFileNameIsRejected() {
        // No locale allows a zero character.
        assertThatThrownBy(() -> INPUT.outputIn(OUT, "a\0.jpg"))
                .isInstanceOf(UnwritableOutputException.class)
                .hasMessageContaining("export LC_ALL=C.UTF-8");
    }

    @Test
    void imageLargerThanAnArrayIsNotDrawn() throws UnwritableOutputException {
        SeenFrame.refuseHuge(INPUT, 26_000, 27_000);
        assertThatThrownBy(() -> SeenFrame.refuseHuge(INPUT, 32_768, 32_768))
                .isInstanceOf(UnwritableOutputException.class)
                .hasMessageContaining("32768 x 32768 pixels");
    }
}
