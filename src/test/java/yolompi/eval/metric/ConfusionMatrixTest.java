package yolompi.eval.metric;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {
    @Test
    void rowsAreTrueClassesAndColumnsPredictedClasses() {
        DetectionSet set = Boxes.ofCategories(2)
                .truth(0, 0, 10)
                .truth(0, 100, 10)
                .truth(1, 200, 10)
                .truth(1, 300, 10)
                .found(0, 0.9, 0, 10) // true positive
                .found(1, 0.8, 100, 10) // class 0 predicted as 1
                .found(1, 0.7, 200, 10) // true positive
                .found(0, 0.6, 600, 10) // background
                .found(1, 0.2, 300, 10) // below the confidence
                .set();
        assertThat(ConfusionMatrix.of(set, 0.5, 0.5).counts())
                .isDeepEqualTo(new long[][] {{1, 1, 0}, {0, 1, 1}, {1, 0, 0}});
        assertThat(ConfusionMatrix.of(set, 0.2, 0.5).counts())
                .isDeepEqualTo(new long[][] {{1, 1, 0}, {0, 2, 0}, {1, 0, 0}});
    }

    @Test
    void boxesOfDifferentImagesDoNotMatch() {
        DetectionSet set = Boxes.ofCategories(1)
                .truth(0, 0, 10)
                .nextImage()
                .found(0, 0.9, 0, 10)
                .set();
        assertThat(ConfusionMatrix.of(set, 0.5, 0.5).counts()).isDeepEqualTo(new long[][] {{0, 1}, {1, 0}});
    }

    @Test
    void detectionPrefersTheBoxOfItsClass() {
        DetectionSet set = Boxes.ofCategories(2)
                .truth(0, 0, 10)
                .truth(1, 0, 10)
                .found(1, 0.9, 0, 10)
                .found(0, 0.8, 0, 10)
                .set();
        assertThat(ConfusionMatrix.of(set, 0.5, 0.5).counts())
                .isDeepEqualTo(new long[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 0}});
    }

    @Test
    void secondDetectionOfABoxCountsAsBackground() {
        DetectionSet set = Boxes.ofCategories(2)
                .truth(0, 0, 10)
                .found(1, 0.6, 0, 10)
                .found(0, 0.9, 1, 10)
                .set();
        assertThat(ConfusionMatrix.of(set, 0.5, 0.5).counts())
                .isDeepEqualTo(new long[][] {{1, 0, 0}, {0, 0, 0}, {0, 1, 0}});
    }

    @Test
    void crowdsAndDetectionsInThemAreNotCounted() {
        DetectionSet set = Boxes.ofCategories(1)
                .crowd(0, 0, 100)
                .found(0, 0.9, 10, 10)
                .found(0, 0.9, 40, 10)
                .set();
        assertThat(ConfusionMatrix.of(set, 0.5, 0.5).counts()).isDeepEqualTo(new long[][] {{0, 0}, {0, 0}});
    }
}
