package yolompi.anchors;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AnchorCheckTest {
    private static final float[] COCO = {10, 13, 16, 30, 33, 23, 30, 61, 62, 45, 59, 119, 116, 90, 156, 198, 373, 326};
    private static final float[] COCO_TINY = {10, 14, 23, 27, 37, 58, 81, 82, 135, 169, 344, 319};

    @ParameterizedTest
    @ValueSource(doubles = {35, 50, 65})
    void cocoAnchorsFitPhotographs(double medianEdge) {
        BoxShapes boxes = new RandomBoxShapes(4).likePhotographs(30_000, medianEdge);
        for (float[] anchors : new float[][] {COCO, COCO_TINY}) {
            AnchorCheck check = AnchorCheck.of(boxes, anchors);
            assertThat(check.fit().meanIou()).isGreaterThan(0.55);
            assertThat(check.isPoor()).as(check.toString()).isFalse();
        }
    }

    @Test
    void boxesOfFewSizesNeedTheirOwnAnchors() {
        BoxShapes cells = new RandomBoxShapes(4).around(new float[] {25, 25, 68, 66, 140, 127}, 300, 0.15);
        AnchorCheck check = AnchorCheck.of(cells, COCO_TINY);
        assertThat(check.isPoor()).isTrue();
        float[] found = new AnchorSearch(6, 100, 1).fitTo(cells);
        assertThat(AnchorCheck.of(cells, found).isPoor()).isFalse();
    }

    @Test
    void boxesFarFromAllAnchorsFitPoorly() {
        BoxShapes slivers = new RandomBoxShapes(4).around(new float[] {8, 160, 40, 40}, 100, 0.05);
        AnchorCheck check = AnchorCheck.of(slivers, COCO);
        assertThat(check.fit().recall()).isLessThan(AnchorCheck.MIN_RECALL);
        assertThat(check.isPoor()).isTrue();
    }
}
