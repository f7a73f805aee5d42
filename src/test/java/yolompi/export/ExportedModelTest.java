package yolompi.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import yolompi.InputException;
import yolompi.export.ExportedModel.Shape;
import yolompi.export.ExportedModel.Suppression;
import yolompi.model.Architecture;
import yolompi.model.darknet.ArchitectureReader;

class ExportedModelTest {
    private static final Architecture TINY = ArchitectureReader.read("yolov3-tiny", List.of(), 20);

    @Test
    void shapesAreDescribed() {
        Shape shape = Shape.of(TINY, OptionalInt.empty(), 416);

        assertThat(shape.predictors()).isEqualTo(3 * (13 * 13 + 26 * 26));
        assertThat(shape.describe(false)).isEqualTo("images [N,3,416,416] -> boxes [N,2535,4], scores [N,2535,20]");
        assertThat(shape.describe(true)).isEqualTo("images [N,3,416,416] -> detections [D,7]");
    }

    @Test
    void invalidInputSizesAndBatchesAreRejected() {
        assertThatThrownBy(() -> Shape.of(TINY, OptionalInt.of(1), 400))
                .isInstanceOf(InputException.class)
                .hasMessage("--size 400: expected a multiple of 32, the largest stride of yolov3-tiny.cfg");
        assertThatThrownBy(() -> Shape.of(TINY, OptionalInt.of(1), 102_400))
                .isInstanceOf(InputException.class)
                .hasMessage("--size 102400: expected at most 4096");
        assertThatThrownBy(() -> Shape.of(TINY, OptionalInt.of(0), 416))
                .isInstanceOf(InputException.class)
                .hasMessage("--batch 0: expected 1 or more, or dynamic");
    }

    @Test
    void thresholdsOutOfRangeAreRejected() {
        assertThatThrownBy(() -> new Suppression(1.5, 0.5, 10)).hasMessage("--confidence 1.5: expected 0 to 1");
        assertThatThrownBy(() -> new Suppression(0.5, Double.NaN, 10)).hasMessage("--nms-iou NaN: expected 0 to 1");
        assertThatThrownBy(() -> new Suppression(0.5, 0.5, 0)).hasMessage("--max-detections 0: expected 1 to 100000");
    }

    @Test
    void floatIouBoundIsTheLargestFloatUpToTheThreshold() {
        for (double bound : new double[] {0, 0.1, 0.3, 0.45, 0.6, 0.7, 1}) {
            float exported = new Suppression(0.5, bound, 1).iouBound();
            assertThat((double) exported).isLessThanOrEqualTo(bound);
            assertThat((double) Math.nextUp(exported)).isGreaterThan(bound);
        }
    }
}
