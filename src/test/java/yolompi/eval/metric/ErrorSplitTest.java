package yolompi.eval.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import yolompi.eval.metric.ErrorSplit.Kind;

class ErrorSplitTest {
    private static final Offset<Double> ROUNDING = within(1e-12);

    @Test
    void eachKindOfErrorIsCountedSeparately() {
        DetectionSet set = Boxes.ofCategories(2)
                .truth(0, 0, 10) // detected twice
                .truth(0, 100, 10) // detected as class 1
                .truth(0, 200, 10) // IoU too low
                .truth(0, 300, 10) // class 1 and IoU too low
                .truth(1, 400, 10) // missed
                .found(0, 0.95, 0, 10)
                .found(0, 0.9, 1, 10)
                .found(1, 0.8, 100, 10)
                .found(0, 0.7, 206, 10) // IoU 4 / 16
                .found(1, 0.6, 306, 10)
                .found(1, 0.5, 600, 10)
                .set();
        assertThat(ErrorSplit.of(set, 0).counts())
                .isEqualTo(Map.of(
                        Kind.CLASSIFICATION, 1L,
                        Kind.LOCALISATION, 1L,
                        Kind.BOTH, 1L,
                        Kind.DUPLICATE, 1L,
                        Kind.BACKGROUND, 1L,
                        Kind.MISSED, 2L));
    }

    @Test
    void detectionsBelowTheConfidenceCountAsMissed() {
        DetectionSet set = Boxes.ofCategories(1)
                .truth(0, 0, 10)
                .found(0, 0.4, 0, 10)
                .found(0, 0.3, 300, 10)
                .set();
        assertThat(ErrorSplit.of(set, 0.5).counts())
                .containsEntry(Kind.MISSED, 1L)
                .containsEntry(Kind.BACKGROUND, 0L);
    }

    @Test
    void costIsTheGainInAveragePrecision() {
        // A false positive, a true positive, and one of two boxes missed: precision 1/2 up to
        // recall 1/2.
        DetectionSet set = Boxes.ofCategories(1)
                .truth(0, 0, 10)
                .truth(0, 100, 10)
                .found(0, 0.9, 300, 10)
                .found(0, 0.8, 0, 10)
                .set();
        double before = 51 / 101.0 / 2;
        Map<Kind, Double> costs = ErrorSplit.of(set, 0.5).costs();
        assertThat(CocoMetrics.measure(set).map50()).isEqualTo(before, ROUNDING);
        assertThat(costs.get(Kind.BACKGROUND)).isEqualTo(51 / 101.0 - before, ROUNDING);
        assertThat(costs.get(Kind.MISSED)).isEqualTo(0.5 - before, ROUNDING);
        assertThat(costs.get(Kind.LOCALISATION)).isZero();
    }

    @Test
    void correctedClassMakesATruePositiveOfThatClass() {
        DetectionSet set = Boxes.ofCategories(2)
                .truth(0, 0, 10)
                .truth(1, 100, 10)
                .found(1, 0.9, 0, 10)
                .found(1, 0.8, 100, 10)
                .set();
        // AP of class 0 rises from 0 to 1, AP of class 1 from 1/2 to 1.
        assertThat(ErrorSplit.of(set, 0.5).costs().get(Kind.CLASSIFICATION)).isEqualTo(0.75, ROUNDING);
    }

    @Test
    void onlyTheBestDetectionNearABoxIsCorrected() {
        DetectionSet set = Boxes.ofCategories(1)
                .truth(0, 0, 10)
                .found(0, 0.9, 6, 10)
                .found(0, 0.8, -6, 10)
                .set();
        ErrorSplit split = ErrorSplit.of(set, 0.5);
        assertThat(split.counts()).containsEntry(Kind.LOCALISATION, 2L).containsEntry(Kind.MISSED, 0L);
        assertThat(split.costs().get(Kind.LOCALISATION)).isEqualTo(1, ROUNDING);
    }
}
