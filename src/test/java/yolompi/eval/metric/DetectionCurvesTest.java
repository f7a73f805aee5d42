package yolompi.eval.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import yolompi.eval.metric.ConfidenceCurve.OperatingPoint;

class DetectionCurvesTest {
    private static final Offset<Double> ROUNDING = within(1e-12);

    /**
     * Five boxes of class 0 with true positives at 0.9, 0.7 and 0.5 and false positives at 0.8 and
     * 0.3; one box of class 1 without detection.
     */
    private static final DetectionCurves CURVES = DetectionCurves.of(Boxes.ofCategories(2)
            .truth(0, 0, 10)
            .truth(0, 100, 10)
            .truth(0, 200, 10)
            .truth(0, 300, 10)
            .found(0, 0.9, 0, 10)
            .found(0, 0.8, 500, 10)
            .found(0, 0.7, 100, 10)
            .nextImage()
            .truth(1, 0, 10)
            .nextImage()
            .found(0, 0.3, 0, 10)
            .nextImage()
            .truth(0, 0, 10)
            .found(0, 0.5, 0, 10)
            .set());

    @Test
    void bestF1IsAtTheScoreOfItsLastDetection() {
        // At 0.5: 3 true positives of 4 detections and 5 ground-truth boxes.
        OperatingPoint best = CURVES.classes().get(0).best();
        assertThat(best.confidence()).isEqualTo(0.5);
        assertThat(best.precision()).isEqualTo(3 / 4.0, ROUNDING);
        assertThat(best.recall()).isEqualTo(3 / 5.0, ROUNDING);
        assertThat(best.f1()).isEqualTo(6 / 9.0, ROUNDING);
    }

    @Test
    void overallCurveWeightsAllBoxesEqually() {
        OperatingPoint best = CURVES.overall().best();
        assertThat(best.recall()).isEqualTo(3 / 6.0, ROUNDING);
        assertThat(best.f1()).isEqualTo(6 / 10.0, ROUNDING);
    }

    @Test
    void operatingPointIncludesDetectionsAtItsConfidence() {
        var points = CURVES.classes().get(0).points();
        assertThat(points).hasSize(101);
        assertThat(points.get(91)).isEqualTo(new OperatingPoint(0.91, 0, 0, 5));
        assertThat(points.get(90)).isEqualTo(new OperatingPoint(0.9, 1, 0, 5));
        assertThat(points.get(70)).isEqualTo(new OperatingPoint(0.7, 2, 1, 5));
        assertThat(points.get(0)).isEqualTo(new OperatingPoint(0, 3, 2, 5));
    }

    @Test
    void undefinedValuesAreZero() {
        OperatingPoint nothing = new OperatingPoint(0.5, 0, 0, 0);
        assertThat(nothing.precision()).isZero();
        assertThat(nothing.recall()).isZero();
        assertThat(nothing.f1()).isZero();
    }

    @Test
    void classWithoutTruePositivesHasNoBestPoint() {
        assertThat(CURVES.classes().get(1).best()).isEqualTo(new OperatingPoint(1, 0, 0, 1));
    }

    @Test
    void equalScoresAreIncludedTogether() {
        DetectionCurves curves = DetectionCurves.of(Boxes.ofCategories(1)
                .truth(0, 0, 10)
                .found(0, 0.6, 0, 10)
                .found(0, 0.6, 300, 10)
                .set());
        assertThat(curves.overall().best()).isEqualTo(new OperatingPoint(0.6, 1, 1, 1));
    }

    @Test
    void detectionsInACrowdAreIgnored() {
        DetectionCurves curves = DetectionCurves.of(Boxes.ofCategories(1)
                .truth(0, 0, 10)
                .crowd(0, 100, 100)
                .found(0, 0.9, 120, 10)
                .found(0, 0.8, 0, 10)
                .set());
        assertThat(curves.overall().best()).isEqualTo(new OperatingPoint(0.8, 1, 0, 1));
    }
}
