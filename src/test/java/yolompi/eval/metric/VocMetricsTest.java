package yolompi.eval.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import yolompi.eval.metric.VocMetrics.Protocol;

class VocMetricsTest {
    private static final Offset<Double> ROUNDING = within(1e-12);

    @Test
    void elevenPointAndAreaScoresEqualTheDevelopmentKit() {
        // True, false and true positive: recall 1/2 with precision 1, recall 1 with precision 2/3.
        DetectionSet set = Boxes.ofCategories(1)
                .truth(0, 0, 10)
                .truth(0, 100, 10)
                .found(0, 0.9, 0, 10)
                .found(0, 0.8, 300, 10)
                .found(0, 0.7, 100, 10)
                .set();
        assertThat(ap(set, Protocol.VOC07)).isEqualTo((6 + 5 * (2 / 3.0)) / 11, ROUNDING);
        assertThat(ap(set, Protocol.VOC12)).isEqualTo(0.5 + 0.5 * (2 / 3.0), ROUNDING);
    }

    @Test
    void unreachedRecallHasPrecisionZero() {
        DetectionSet set = Boxes.ofCategories(1)
                .truth(0, 0, 10)
                .truth(0, 100, 10)
                .found(0, 0.9, 0, 10)
                .set();
        assertThat(ap(set, Protocol.VOC07)).isEqualTo(6 / 11.0, ROUNDING);
        assertThat(ap(set, Protocol.VOC12)).isEqualTo(0.5, ROUNDING);
    }

    @Test
    void difficultBoxIsIgnoredHoweverOftenItIsDetected() {
        DetectionSet set = Boxes.ofCategories(1)
                .truth(0, 0, 10)
                .difficult(0, 100, 10)
                .found(0, 0.9, 100, 10)
                .found(0, 0.8, 100, 10)
                .found(0, 0.7, 0, 10)
                .set();
        assertThat(ap(set, Protocol.VOC12)).isEqualTo(1, ROUNDING);
        assertThat(ap(set, Protocol.VOC07)).isEqualTo(1, ROUNDING);
    }

    @Test
    void secondDetectionOfABoxIsAFalsePositive() {
        DetectionSet set = Boxes.ofCategories(1)
                .truth(0, 0, 10)
                .truth(0, 100, 10)
                .found(0, 0.9, 0, 10)
                .found(0, 0.8, 0, 10)
                .found(0, 0.7, 100, 10)
                .set();
        assertThat(ap(set, Protocol.VOC12)).isEqualTo(0.5 + 0.5 * (2 / 3.0), ROUNDING);
    }

    @Test
    void detectionIsComparedOnlyWithTheBoxOfHighestIou() {
        // The second detection has IoU 0.67 with the second box and more with the matched first
        // box. COCO
        // would match it with the second.
        DetectionSet set = Boxes.ofCategories(1)
                .truth(0, 0, 10)
                .truth(0, 3, 10)
                .found(0, 0.9, 0, 10)
                .found(0, 0.8, 1, 10)
                .set();
        assertThat(ap(set, Protocol.VOC12)).isEqualTo(0.5, ROUNDING);
        assertThat(CocoMetrics.measure(set).map50()).isEqualTo(1, ROUNDING);
    }

    @Test
    void iouOfOneHalfMatches() {
        assertThat(ap(Boxes.ofCategories(1).truth(0, 0, 10).found(0, 0.9, 0, 5).set(), Protocol.VOC12))
                .isEqualTo(1, ROUNDING);
        assertThat(ap(
                        Boxes.ofCategories(1)
                                .truth(0, 0, 10)
                                .found(0, 0.9, 0, 4.99)
                                .set(),
                        Protocol.VOC12))
                .isZero();
    }

    @Test
    void equalScoresAreMatchedInFileOrder() {
        Boxes rightFirst =
                Boxes.ofCategories(1).truth(0, 0, 10).found(0, 0.5, 0, 10).found(0, 0.5, 300, 10);
        Boxes wrongFirst =
                Boxes.ofCategories(1).truth(0, 0, 10).found(0, 0.5, 300, 10).found(0, 0.5, 0, 10);
        assertThat(ap(rightFirst.set(), Protocol.VOC12)).isEqualTo(1, ROUNDING);
        assertThat(ap(wrongFirst.set(), Protocol.VOC12)).isEqualTo(0.5, ROUNDING);
    }

    @Test
    void classWithOnlyDifficultBoxesIsNotInTheMean() {
        VocMetrics.Scores scores = VocMetrics.measure(
                Boxes.ofCategories(2)
                        .truth(0, 0, 10)
                        .found(0, 0.9, 0, 10)
                        .difficult(1, 0, 10)
                        .found(1, 0.9, 300, 10)
                        .set(),
                Protocol.VOC07);
        assertThat(scores.ap()[1]).isEqualTo(-1);
        assertThat(scores.map()).isEqualTo(1, ROUNDING);
    }

    private static double ap(DetectionSet set, Protocol protocol) {
        return VocMetrics.measure(set, protocol).ap()[0];
    }
}
