package yolompi.anchors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import yolompi.geometry.Box;

final class AnchorFitTest {
    @Test
    void fitMatchesAManualCalculation() {
        // The third box is exactly four times as high as the first anchor, so it does not match;
        // the last box matches neither anchor.
        BoxShapes boxes = RandomBoxShapes.of(new float[] {10, 20, 10, 200}, new float[] {10, 10, 40, 2});
        AnchorFit fit = AnchorFit.of(boxes, new float[] {10, 10, 20, 20});
        assertThat(fit.meanIou()).isCloseTo((1 + 0.5 + 1 / 3.0 + 40 / 760.0) / 4, within(1e-6));
        assertThat(fit.overHalf()).isEqualTo(0.25);
        assertThat(fit.recall()).isEqualTo(0.75);
        assertThat(fit.anchorsWithin()).isEqualTo((2 + 2 + 1 + 0) / 4.0);
        // The second box fits both anchors equally well; the first wins, as in training.
        assertThat(fit.boxesOfAnchor()).containsExactly(2, 2);
    }

    @Test
    void meanBestIouIsThatOfConcentricBoxes() {
        BoxShapes boxes = new RandomBoxShapes(3).likePhotographs(500, 50);
        float[] anchors = {10, 14, 23, 27, 37, 58, 81, 82, 135, 169, 344, 319};
        double sum = 0;
        for (int box = 0; box < boxes.count(); box++) {
            Box truth = Box.ofCenter(0, 0, boxes.widths()[box], boxes.heights()[box]);
            float best = 0;
            for (int i = 0; i < anchors.length; i += 2) {
                best = Math.max(best, truth.iou(Box.ofCenter(0, 0, anchors[i], anchors[i + 1])));
            }
            sum += best;
        }
        assertThat(AnchorFit.of(boxes, anchors).meanIou()).isCloseTo(sum / boxes.count(), within(1e-5));
        assertThat(AnchorFit.meanIou(boxes, anchors, new float[boxes.count()]))
                .isCloseTo(sum / boxes.count(), within(1e-5));
    }
}
