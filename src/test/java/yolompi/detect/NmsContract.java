package yolompi.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.geometry.Box;
import yolompi.recipe.EvalRecipe.Nms;

/**
 * Tests that every NMS variant must pass: its result equals its definition, written here with
 * {@link Box} objects in double precision. The definition compares every box with every kept box.
 */
abstract class NmsContract {
    static final Box LEFT = new Box(0, 0, 10, 10);
    static final Box BESIDE = new Box(1, 0, 11, 10); // IoU 9/11 with LEFT
    static final Box APART = new Box(50, 50, 60, 60);
    static final double CONFIDENCE = 0.001;
    private static final int NO_LIMIT = 100_000;

    private final Nms variant;

    NmsContract(Nms variant) {
        this.variant = variant;
    }

    /**
     * The score of another box beside a kept box.
     *
     * @return 0 if the kept box drops the other one
     */
    abstract double scoreBeside(Box kept, Box other, double score, double maxIou);

    /**
     * The box that is reported for a kept box and the boxes that it dropped; the kept box comes
     * first.
     */
    Box reported(List<Detection> group) {
        return group.get(0).box();
    }

    @ParameterizedTest(name = "class agnostic: {0}")
    @ValueSource(booleans = {false, true})
    void resultEqualsTheDefinition(boolean classAgnostic) {
        List<Detection> predictions = randomBoxes(1500);
        List<Detection> found =
                run(new NmsConfig(CONFIDENCE, variant, 0.45, classAgnostic, true, NO_LIMIT), predictions);
        List<Detection> expected = byDefinition(0.45, classAgnostic, predictions);

        assertThat(found).hasSizeBetween(50, 1500).hasSameSizeAs(expected);
        for (int i = 0; i < found.size(); i++) {
            assertThat(found.get(i).classId()).isEqualTo(expected.get(i).classId());
            assertThat(found.get(i).score()).isCloseTo(expected.get(i).score(), within(1e-6f));
            assertThat(found.get(i).box().x1()).isCloseTo(expected.get(i).box().x1(), within(1e-3f));
            assertThat(found.get(i).box().y1()).isCloseTo(expected.get(i).box().y1(), within(1e-3f));
            assertThat(found.get(i).box().x2()).isCloseTo(expected.get(i).box().x2(), within(1e-3f));
            assertThat(found.get(i).box().y2()).isCloseTo(expected.get(i).box().y2(), within(1e-3f));
        }
    }

    @Test
    void orderOfPredictionsWithDifferentScoresDoesNotMatter() {
        List<Detection> predictions = new ArrayList<>();
        for (Detection one : randomBoxes(200)) {
            predictions.add(detection(one.classId(), (predictions.size() + 1) / 201.0, one.box()));
        }
        List<Detection> expected = run(rule(0.45), predictions);
        Collections.shuffle(predictions, new Random(5));

        assertThat(run(rule(0.45), predictions)).isEqualTo(expected);
    }

    @Test
    void scoresAreDescending() {
        assertThat(run(rule(0.45), randomBoxes(200)))
                .isSortedAccordingTo((a, b) -> Float.compare(b.score(), a.score()));
    }

    @Test
    void noPredictionsGiveNoDetections() {
        assertThat(run(rule(0.5), List.of())).isEmpty();
    }

    @Test
    void singleBoxIsUnchanged() {
        assertThat(run(rule(0.5), List.of(detection(2, 0.6, LEFT)))).containsExactly(detection(2, 0.6, LEFT));
    }

    @Test
    void boxesOfDifferentClassesDoNotSuppressEachOther() {
        List<Detection> predictions = List.of(detection(1, 0.6, LEFT), detection(0, 0.8, BESIDE));

        assertThat(run(rule(0.5), predictions)).containsExactly(predictions.get(1), predictions.get(0));
    }

    @Test
    void classAgnosticNmsSuppressesAcrossClasses() {
        List<Detection> predictions = List.of(detection(1, 0.6, LEFT), detection(0, 0.8, BESIDE));
        NmsConfig agnostic = new NmsConfig(0.2, variant, 0.5, true, true, 100);

        assertThat(run(agnostic, predictions)).singleElement().satisfies(best -> {
            assertThat(best.classId()).isZero();
            assertThat(best.score()).isEqualTo(0.8f);
        });
    }

    @Test
    void earlierOfEqualScoresWins() {
        List<Detection> predictions =
                List.of(detection(0, 0.7, LEFT), detection(0, 0.7, BESIDE), detection(0, 0.7, APART));

        assertThat(run(rule(0.5), predictions)).extracting(Detection::score).startsWith(0.7f, 0.7f);
        assertThat(run(new NmsConfig(0.5, variant, 0.9, true, true, 1), predictions))
                .containsExactly(predictions.get(0));
    }

    @Test
    void atMostMaxDetectionsBoxesAreKept() {
        List<Detection> predictions = randomBoxes(200);

        assertThat(run(new NmsConfig(CONFIDENCE, variant, 0.45, false, true, 7), predictions))
                .isEqualTo(run(rule(0.45), predictions).subList(0, 7));
    }

    /** Per class, with any number of boxes. */
    final NmsConfig rule(double maxIou) {
        return new NmsConfig(CONFIDENCE, variant, maxIou, false, true, NO_LIMIT);
    }

    static Detection detection(int classId, double score, Box box) {
        return new Detection(classId, (float) score, box);
    }

    static List<Detection> run(NmsConfig rule, List<Detection> predictions) {
        Candidates candidates = new Candidates();
        for (Detection one : predictions) {
            Box box = one.box();
            candidates.add(
                    new float[] {
                        Float.NaN, 0, 0, 0, 0, 0, box.x1(), box.y1(), box.x2(), box.y2(), one.score(), one.classId()
                    },
                    1);
        }
        return candidates.suppress(rule);
    }

    private static List<Detection> randomBoxes(int count) {
        Random random = new Random(7);
        List<Detection> boxes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float left = random.nextFloat(300);
            float top = random.nextFloat(300);
            Box box = new Box(left, top, left + 20 + random.nextFloat(80), top + 20 + random.nextFloat(80));
            boxes.add(detection(random.nextInt(3), (1 + random.nextInt(99)) / 100.0, box));
        }
        return boxes;
    }

    /** Compares all remaining candidates with each kept box. */
    private List<Detection> byDefinition(double maxIou, boolean classAgnostic, List<Detection> predictions) {
        List<Detection> left = new ArrayList<>(predictions);
        List<Double> scores = new ArrayList<>();
        left.forEach(one -> scores.add((double) one.score()));
        List<Detection> kept = new ArrayList<>();
        while (!left.isEmpty()) {
            int best = scores.indexOf(Collections.max(scores));
            Detection one = left.remove(best);
            double score = scores.remove(best);
            List<Detection> group = new ArrayList<>(List.of(one));
            for (int i = left.size() - 1; i >= 0; i--) {
                Detection other = left.get(i);
                if (!classAgnostic && other.classId() != one.classId()) {
                    continue;
                }
                scores.set(i, scoreBeside(one.box(), other.box(), scores.get(i), maxIou));
                if (scores.get(i) <= CONFIDENCE) {
                    group.add(left.remove(i));
                    scores.remove(i);
                }
            }
            kept.add(detection(one.classId(), score, reported(group)));
        }
        return kept;
    }
}
