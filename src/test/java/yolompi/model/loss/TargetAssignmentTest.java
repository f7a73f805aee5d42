package yolompi.model.loss;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import yolompi.model.YoloHead;
import yolompi.model.YoloHead.Anchor;
import yolompi.model.loss.TargetAssignment.HeadTargets;

final class TargetAssignmentTest {
    private static final int SIZE = 64;
    private static final YoloHead COARSE = new YoloHead(List.of(new Anchor(30, 60), new Anchor(60, 30)), 5, 32);
    private static final YoloHead FINE = new YoloHead(List.of(new Anchor(8, 8), new Anchor(16, 16)), 5, 16);
    private static final List<YoloHead> HEADS = List.of(COARSE, FINE);

    @Test
    void bestAnchorIsAssignedInTheCellOfTheCenter() {
        TargetAssignment targets = assign(1, row(0, 3, 40, 20, 50, 28));

        HeadTargets coarse = targets.heads().get(0);
        assertThat(coarse.predictors()).containsExactly(coarse(0, 1, 0, 1));
        assertThat(coarse.boxes()).containsExactly(40, 20, 50, 28);
        assertThat(coarse.anchors()).containsExactly(60, 30);
        assertThat(coarse.classes()).containsExactly(3);
        assertThat(targets.heads().get(1).count()).isZero();
        assertThat(targets.count()).isEqualTo(1);
    }

    @Test
    void shapeAloneSelectsTheHead() {
        TargetAssignment targets = assign(1, row(0, 1, 50, 33, 9, 7), row(0, 2, 50, 33, 17, 15));

        assertThat(targets.heads().get(0).count()).isZero();
        assertThat(targets.heads().get(1).predictors()).containsExactly(fine(0, 0, 2, 3), fine(0, 1, 2, 3));
        assertThat(targets.heads().get(1).classes()).containsExactly(1, 2);
    }

    @Test
    void lastBoxWinsASharedPredictor() {
        TargetAssignment targets = assign(1, row(0, 1, 4, 4, 8, 8), row(0, 2, 12, 12, 7, 8));

        HeadTargets fine = targets.heads().get(1);
        assertThat(fine.predictors()).containsExactly(fine(0, 0, 0, 0));
        assertThat(fine.boxes()).containsExactly(12, 12, 7, 8);
        assertThat(fine.classes()).containsExactly(2);
        assertThat(targets.count()).isEqualTo(1);
        assertThat(targets.groundTruth()).containsExactly(0, 0, 8, 8, 8.5f, 8, 15.5f, 16); // both stay ground truth
    }

    @Test
    void firstOfEquallyGoodAnchorsWins() {
        assertThat(assign(1, row(0, 0, 32, 32, 40, 40)).heads().get(0).predictors())
                .containsExactly(coarse(0, 0, 1, 1));
    }

    @Test
    void anchorsAboveTheIouThresholdAreAssignedToo() {
        // IoU of the shapes: 8 × 8 in 12 × 12 is 64 / 144 = 0.444; 12 × 12 in 16 × 16 is 144 / 256
        // = 0.5625.
        float[] box = row(0, 4, 20, 20, 12, 12);

        assertThat(TargetAssignment.assign(HEADS, box, 1, SIZE, 1)
                        .heads()
                        .get(1)
                        .anchors())
                .containsExactly(16, 16);
        assertThat(TargetAssignment.assign(HEADS, box, 1, SIZE, 0.45)
                        .heads()
                        .get(1)
                        .anchors())
                .containsExactly(16, 16);
        TargetAssignment both = TargetAssignment.assign(HEADS, box, 1, SIZE, 0.44);
        assertThat(both.heads().get(1).predictors()).containsExactly(fine(0, 0, 1, 1), fine(0, 1, 1, 1));
        assertThat(both.heads().get(1).anchors()).containsExactly(8, 8, 16, 16);
        assertThat(both.heads().get(1).classes()).containsExactly(4, 4);
        assertThat(both.heads().get(0).count()).isZero();
        assertThat(both.count()).isEqualTo(2);
    }

    @Test
    void boxAtTheBorderBelongsToTheBorderCell() {
        TargetAssignment targets = assign(
                1,
                row(0, 0, 0.5f, 0.5f, 1, 1),
                row(0, 1, 63.5f, 63.5f, 1, 1),
                row(0, 2, 16, 15.99f, 4, 4),
                row(0, 3, 64, 64, 16, 16));

        assertThat(targets.heads().get(1).predictors())
                .containsExactly(fine(0, 0, 0, 0), fine(0, 0, 0, 1), fine(0, 0, 3, 3), fine(0, 1, 3, 3));
        assertThat(targets.heads().get(1).classes()).containsExactly(0, 2, 1, 3);
    }

    @Test
    void centerOnTheFarEdgeBelongsToTheLastCell() {
        HeadTargets fine = assign(1, row(0, 3, 64, 32, 16, 16)).heads().get(1);

        assertThat(fine.predictors()).containsExactly(fine(0, 1, 2, 3));
        assertThat(fine.places()).containsExactly(3, 2);
    }

    @Test
    void centerOutsideBelongsToTheNearestCell() {
        HeadTargets fine = assign(2, row(1, 3, -40, 20, 16, 16), row(0, 3, 20, 500, 16, 16))
                .heads()
                .get(1);

        assertThat(fine.predictors()).containsExactly(fine(0, 1, 3, 1), fine(1, 1, 1, 0));
        assertThat(fine.places()).containsExactly(1, 3, 0, 1);
    }

    @Test
    void boxLargerThanTheInputIsAssignedToTheAnchorOfItsShape() {
        assertThat(assign(1, row(0, 3, 32, 32, 500, 20)).heads().get(0).predictors())
                .containsExactly(coarse(0, 1, 1, 1));
    }

    @Test
    void boxWithZeroAreaGetsNoTarget() {
        assertThat(assign(1, row(0, 3, 32, 32, 0, 20), row(0, 3, 10, 10, 0, 0)).count())
                .isZero();
    }

    @Test
    void boxKeepsItsBestPredictorAgainstALaterBox() {
        // 11 × 11 fits 8 × 8 with 64 / 121 = 0.53 and 16 × 16 with 121 / 256 = 0.47.
        TargetAssignment targets = TargetAssignment.assign(
                HEADS, rows(row(0, 1, 20, 20, 16, 16), row(0, 2, 24, 24, 11, 11)), 1, SIZE, 0.4);

        HeadTargets fine = targets.heads().get(1);
        assertThat(fine.predictors()).containsExactly(fine(0, 0, 1, 1), fine(0, 1, 1, 1));
        assertThat(fine.classes()).containsExactly(2, 1);
    }

    @Test
    void targetsStayWithTheirImagesInAnyOrderOfBoxes() {
        TargetAssignment targets = assign(
                4, row(3, 1, 8, 8, 8, 8), row(0, 2, 40, 40, 16, 16), row(3, 3, 40, 8, 8, 8), row(1, 4, 16, 16, 30, 60));

        assertThat(targets.heads().get(0).predictors()).containsExactly(coarse(1, 0, 0, 0));
        assertThat(targets.heads().get(1).predictors())
                .containsExactly(fine(0, 1, 2, 2), fine(3, 0, 0, 0), fine(3, 0, 0, 2));
        assertThat(targets.heads().get(1).classes()).containsExactly(2, 1, 3);
        assertThat(targets.maxGroundTruthCount()).isEqualTo(2);
        assertThat(IntStream.range(0, 4).map(targets::groundTruthCount)).containsExactly(1, 1, 0, 2);
        assertThat(targets.groundTruth())
                .containsExactly(
                        32, 32, 48, 48, 0, 0, 0, 0, // image 0 and an empty box
                        1, -14, 31, 46, 0, 0, 0, 0, // image 1
                        0, 0, 0, 0, 0, 0, 0, 0, // image 2 has none
                        4, 4, 12, 12, 36, 4, 44, 12); // image 3
    }

    @Test
    void batchWithoutBoxesHasNoTargets() {
        TargetAssignment targets = assign(2);

        assertThat(targets.count()).isZero();
        assertThat(targets.maxGroundTruthCount()).isZero();
        assertThat(targets.groundTruth()).isEmpty();
    }

    private static TargetAssignment assign(int images, float[]... rows) {
        return TargetAssignment.assign(HEADS, rows(rows), images, SIZE, 1);
    }

    private static float[] rows(float[]... rows) {
        float[] boxes = new float[6 * rows.length];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, boxes, 6 * i, 6);
        }
        return boxes;
    }

    private static float[] row(float... values) {
        return values;
    }

    private static long coarse(int image, int anchor, int row, int column) {
        return ((image * 2L + row) * 2 + column) * 2 + anchor;
    }

    private static long fine(int image, int anchor, int row, int column) {
        return ((image * 4L + row) * 4 + column) * 2 + anchor;
    }
}
