package yolompi.eval.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.detect.Detection;
import yolompi.eval.metric.CocoScores.ClassScores;
import yolompi.geometry.Box;
import yolompi.geometry.LabeledBox;

final class CocoMetricsTest {
    private static final Offset<Double> ROUNDING = within(1e-12);
    private static final Box LEFT = new Box(0, 0, 10, 10);
    private static final Box RIGHT = new Box(100, 0, 110, 10);
    private static final Box NOWHERE = new Box(500, 500, 510, 510);

    @Test
    void exactDetectionsGivePerfectScores() {
        CocoScores result = measure(image(0, List.of(truth(LEFT)), found(LEFT, 0.3f)));
        assertThat(result.map50()).isEqualTo(1, ROUNDING);
        assertThat(result.map5095()).isEqualTo(1, ROUNDING);
    }

    @Test
    void halfOfTheBoxesReach51Of101RecallPoints() {
        assertThat(measure(image(0, List.of(truth(LEFT), truth(RIGHT)), found(LEFT, 0.3f)))
                        .map50())
                .isEqualTo(51 / 101.0, ROUNDING);
    }

    @Test
    void falsePositiveLowersOnlyThePrecisionBelowIt() {
        assertThat(measure(image(0, List.of(truth(LEFT)), found(LEFT, 0.9f), found(NOWHERE, 0.8f)))
                        .map50())
                .isEqualTo(1, ROUNDING);
        assertThat(measure(image(0, List.of(truth(LEFT)), found(LEFT, 0.7f), found(NOWHERE, 0.8f)))
                        .map50())
                .isEqualTo(0.5, ROUNDING);
    }

    @Test
    void secondDetectionOfABoxIsAFalsePositive() {
        ImageResult image =
                image(0, List.of(truth(LEFT), truth(RIGHT)), found(LEFT, 0.9f), found(LEFT, 0.8f), found(RIGHT, 0.7f));
        assertThat(measure(image).map50()).isEqualTo((51 + 50 * (2 / 3.0)) / 101, ROUNDING);
    }

    @Test
    void iouEqualToTheThresholdMatches() {
        CocoScores result = measure(image(0, List.of(truth(LEFT)), found(new Box(0, 0, 10, 5), 0.9f)));
        assertThat(result.map50()).isEqualTo(1, ROUNDING);
        assertThat(result.map5095()).isEqualTo(0.1, ROUNDING);
    }

    @Test
    void detectionMatchesTheFreeBoxWithTheHighestIou() {
        Box shifted = new Box(1, 0, 11, 10);
        ImageResult image = image(0, List.of(truth(LEFT), truth(shifted)), found(shifted, 0.9f), found(LEFT, 0.8f));
        assertThat(measure(image).map5095()).isEqualTo(1, ROUNDING);
    }

    @Test
    void ignoredBoxMatchesAnyNumberOfDetectionsWithoutEffect() {
        LabeledBox crowd = new LabeledBox(new Box(200, 200, 300, 300), 0, true);
        ImageResult image = image(
                0,
                List.of(crowd, truth(LEFT)),
                found(new Box(210, 210, 220, 220), 0.9f), // its IoU with the crowd is 0.01
                found(new Box(250, 250, 260, 260), 0.8f),
                found(LEFT, 0.7f));
        CocoScores result = measure(image);
        assertThat(result.map5095()).isEqualTo(1, ROUNDING);
        assertThat(result.classes().get(0).boxes()).isEqualTo(1);
    }

    @Test
    void countedBoxIsMatchedBeforeAnIgnoredBoxOfHigherIou() {
        LabeledBox crowd = new LabeledBox(new Box(0, 0, 100, 100), 0, true);
        ImageResult image = image(0, List.of(crowd, truth(LEFT)), found(new Box(0, 0, 10, 8), 0.9f));
        assertThat(measure(image).map50()).isEqualTo(1, ROUNDING);
    }

    @Test
    void only100DetectionsPerClassAndImageCount() {
        List<Detection> wrong = Collections.nCopies(100, found(NOWHERE, 0.9f));
        ImageResult image = new ImageResult(
                0,
                List.of(truth(LEFT), new LabeledBox(LEFT, 1, false)),
                Stream.concat(wrong.stream(), Stream.of(found(LEFT, 0.8f), new Detection(1, 0.1f, LEFT)))
                        .toList());
        CocoScores result = measure(image);
        assertThat(result.classes().get(0).ap50()).isZero();
        assertThat(result.classes().get(1).ap50()).isEqualTo(1, ROUNDING);
    }

    @Test
    void classesWithoutGroundTruthAreNotInTheMean() {
        CocoScores result =
                measure(image(0, List.of(truth(LEFT)), found(LEFT, 0.9f), new Detection(1, 0.95f, NOWHERE)));
        assertThat(result.map50()).isEqualTo(1, ROUNDING);
        assertThat(result.classes()).extracting(ClassScores::boxes).containsExactly(1, 0);
        assertThat(result.classes().get(0).ap50()).isEqualTo(1, ROUNDING);
        assertThat(result.classes().get(1)).isEqualTo(new ClassScores(0, -1, -1));
    }

    @Test
    void noGroundTruthGivesZeroNotNaN() {
        assertThat(measure(image(0, List.of(), found(LEFT, 0.9f))).map5095()).isZero();
        assertThat(measure().map50()).isZero();
        assertThat(measure().numbers()).hasSize(12).containsOnly(-1);
    }

    @Test
    void groundTruthOfOtherSizesIsIgnored() {
        Box large = new Box(200, 200, 300, 300);
        CocoScores result = measure(image(0, List.of(truth(LEFT), truth(large)), found(LEFT, 0.9f)));
        assertThat(result.numbers()[3]).as("AP small").isEqualTo(1, ROUNDING);
        assertThat(result.numbers()[4]).as("AP medium").isEqualTo(-1);
        assertThat(result.numbers()[5]).as("AP large").isZero();
        assertThat(result.numbers()[9]).as("AR small").isEqualTo(1, ROUNDING);
        assertThat(result.numbers()[11]).as("AR large").isZero();
    }

    @Test
    void recallIsOfTheBest1Or10Or100Detections() {
        List<Detection> found = new ArrayList<>(Collections.nCopies(10, found(NOWHERE, 0.8f)));
        found.add(0, found(LEFT, 0.9f));
        found.add(found(RIGHT, 0.7f));
        CocoScores result = measure(new ImageResult(0, List.of(truth(LEFT), truth(RIGHT)), found));
        assertThat(result.numbers()[6]).as("AR 1").isEqualTo(0.5, ROUNDING);
        assertThat(result.numbers()[7]).as("AR 10").isEqualTo(0.5, ROUNDING);
        assertThat(result.numbers()[8]).as("AR 100").isEqualTo(1, ROUNDING);
    }

    @Test
    void equalScoresAreMatchedInImageOrder() {
        ImageResult rightFirst = image(0, List.of(truth(LEFT)), found(LEFT, 0.5f));
        ImageResult wrongSecond = image(1, List.of(), found(NOWHERE, 0.5f));
        assertThat(measure(wrongSecond, rightFirst).map50()).isEqualTo(1, ROUNDING);

        ImageResult wrongFirst = image(0, List.of(), found(NOWHERE, 0.5f));
        ImageResult rightSecond = image(1, List.of(truth(LEFT)), found(LEFT, 0.5f));
        assertThat(measure(wrongFirst, rightSecond).map50()).isEqualTo(0.5, ROUNDING);
    }

    @Test
    void duplicateImageAndUnnamedClassAreRejected() {
        assertThatThrownBy(() -> measure(image(4, List.of()), image(4, List.of())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("image 4 has two results");
        assertThatThrownBy(() -> measure(image(0, List.of(), new Detection(2, 0.9f, LEFT))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("image 0: class 2, but names has 0–1");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void randomImagesGiveTheReferenceAveragePrecision(long seed) {
        List<ImageResult> images = new RandomResults(seed, 4).images(40, 12, 60);
        List<ClassScores> classes = measure(images, List.of("a", "b", "c", "d")).classes();

        for (int classId = 0; classId < 4; classId++) {
            ClassScores result = classes.get(classId);
            ReferenceAveragePrecision plain = new ReferenceAveragePrecision(images, classId);
            assertThat(result.ap50()).isBetween(0.05, 0.95).isEqualTo(plain.at(0.5), ROUNDING);
            assertThat(result.ap())
                    .isEqualTo(
                            IntStream.range(0, 10)
                                    .mapToDouble(i -> plain.at(0.5 + 0.05 * i))
                                    .average()
                                    .orElseThrow(),
                            ROUNDING);
        }
    }

    private static CocoScores measure(ImageResult... images) {
        return measure(List.of(images), List.of("cell", "other"));
    }

    private static CocoScores measure(List<ImageResult> images, List<String> names) {
        List<Integer> ids = IntStream.range(0, names.size()).boxed().toList();
        return CocoMetrics.measure(DetectionSet.of(images, DetectionSet.categories(names, ids)));
    }

    private static ImageResult image(int index, List<LabeledBox> truth, Detection... detections) {
        return new ImageResult(index, truth, List.of(detections));
    }

    private static LabeledBox truth(Box box) {
        return new LabeledBox(box, 0, false);
    }

    private static Detection found(Box box, float score) {
        return new Detection(0, score, box);
    }
}
