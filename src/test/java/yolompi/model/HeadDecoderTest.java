package yolompi.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import yolompi.model.YoloHead.Anchor;
import yolompi.torch.LoadLibTorch;
import yolompi.torch.Tensors;

@ExtendWith(LoadLibTorch.class)
final class HeadDecoderTest {
    private static final YoloHead HEAD = new YoloHead(List.of(new Anchor(10, 20), new Anchor(30, 40)), 2, 16);
    private static final int IMAGES = 2;
    private static final int CELLS = 2;

    @Test
    void rowsAreInTheOrderImageRowColumnAnchor() {
        float[] raw = new float[IMAGES * HEAD.channels() * CELLS * CELLS];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = i;
        }
        float[] rows = Tensors.toFloats(values(raw).rows());

        int row = 0;
        for (int image = 0; image < IMAGES; image++) {
            for (int cell = 0; cell < CELLS * CELLS; cell++) {
                for (int anchor = 0; anchor < 2; anchor++, row++) {
                    for (int value = 0; value < 7; value++) {
                        assertThat(rows[7 * row + value]).isEqualTo(at(image, anchor, value, cell));
                    }
                }
            }
        }
        float[] objectness = Tensors.toFloats(values(raw).objectness());
        assertThat(objectness).hasSize(16);
        assertThat(objectness[9]).isEqualTo(at(1, 1, 4, 0));
    }

    @Test
    void centerScaleExtendsBeyondTheCellOnAllSides() {
        YoloHead wide = new YoloHead(List.of(new Anchor(10, 20)), 0, 16, 1.5f);
        float[] raw = {100, -100, 0, 0, 0};

        float[] corners = Tensors.toFloats(new HeadDecoder(wide, Tensors.ofFloats(raw, 1, 5, 1, 1)).boxes());

        // center at 1.5 * (1, 0) - 0.25 = (1.25, -0.25) cells
        assertThat(corners).containsExactly(20 - 5, -4 - 10, 20 + 5, -4 + 10);
    }

    @Test
    void zeroLogitsGiveTheAnchorAtTheCenterOfItsCell() {
        float[] boxes = Tensors.toFloats(
                values(new float[IMAGES * HEAD.channels() * CELLS * CELLS]).boxes());

        assertThat(boxes).hasSize(IMAGES * 8 * 4);
        assertThat(box(boxes, 0)).containsExactly(3, -2, 13, 18); // anchor 0, row 0, column 0: around 8, 8
        assertThat(box(boxes, 1)).containsExactly(-7, -12, 23, 28); // anchor 1
        assertThat(box(boxes, 2)).containsExactly(19, -2, 29, 18); // column 1
        assertThat(box(boxes, 4)).containsExactly(3, 14, 13, 34); // row 1
        assertThat(box(boxes, 8)).containsExactly(box(boxes, 0)); // image 1
    }

    @Test
    void boxIsCellPlusSigmoidAndAnchorTimesExp() {
        float[] raw = new float[IMAGES * HEAD.channels() * CELLS * CELLS];
        raw[at(1, 1, 0, 3)] = (float) Math.log(3); // sigmoid 0.75
        raw[at(1, 1, 1, 3)] = (float) -Math.log(3); // sigmoid 0.25
        raw[at(1, 1, 2, 3)] = (float) Math.log(2);
        raw[at(1, 1, 3, 3)] = (float) Math.log(0.5);

        float[] box = box(Tensors.toFloats(values(raw).boxes()), 15);

        // Center (1.75 · 16, 1.25 · 16) = (28, 20), size (60, 20).
        assertThat(box).containsExactly(new float[] {-2, 10, 58, 30}, within(1e-4f));
    }

    @Test
    void sizeOfHugeLogitIsFinite() {
        float[] raw = new float[IMAGES * HEAD.channels() * CELLS * CELLS];
        raw[at(0, 0, 2, 0)] = 1000;

        float[] box = box(Tensors.toFloats(values(raw).boxes()), 0);

        assertThat(box[2] - box[0]).isCloseTo((float) (10 * Math.exp(8)), within(1f));
    }

    private static HeadDecoder values(float[] raw) {
        return new HeadDecoder(HEAD, Tensors.ofFloats(raw, IMAGES, HEAD.channels(), CELLS, CELLS));
    }

    /** Index of a value in {@code [N, A*(5+C), G, G]}. */
    private static int at(int image, int anchor, int value, int cell) {
        return (image * 14 + anchor * 7 + value) * 4 + cell;
    }

    private static float[] box(float[] boxes, int predictor) {
        return Arrays.copyOfRange(boxes, 4 * predictor, 4 * predictor + 4);
    }
}
