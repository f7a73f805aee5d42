package yolompi.eval.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import yolompi.detect.Detection;
import yolompi.geometry.Box;
import yolompi.geometry.LabeledBox;

final class ImageResultTest {
    private static final List<ImageResult> RESULTS = List.of(
            new ImageResult(
                    7,
                    List.of(
                            new LabeledBox(new Box(0.1f, -2, 3.5f, 4), 0, false),
                            new LabeledBox(new Box(1, 2, 3, 4), 79, true)),
                    List.of(new Detection(3, 0.875f, new Box(1e-7f, 5, 6, 1e9f)))),
            new ImageResult(1_000_000, List.of(), List.of()));

    @Test
    void decodingInvertsEncoding() {
        assertThat(ImageResult.decode(ImageResult.encode(RESULTS))).isEqualTo(RESULTS);
        assertThat(ImageResult.decode(ImageResult.encode(List.of()))).isEmpty();
    }

    @Test
    void detectionHas24Bytes() {
        List<Detection> detections = Collections.nCopies(100, new Detection(3, 0.5f, new Box(1, 2, 3, 4)));
        assertThat(ImageResult.encode(List.of(new ImageResult(0, List.of(), detections))))
                .hasSize(4 + 12 + 100 * 24);
    }

    @Test
    void missingAndExtraBytesAreRejected() {
        byte[] bytes = ImageResult.encode(RESULTS);
        assertThatThrownBy(() -> ImageResult.decode(Arrays.copyOf(bytes, bytes.length - 1)))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("end too early");
        assertThatThrownBy(() -> ImageResult.decode(Arrays.copyOf(bytes, bytes.length + 3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3 of " + (bytes.length + 3) + " bytes are left after 2 image results");
    }
}
