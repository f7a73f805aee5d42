package yolompi.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.InputException;
import yolompi.geometry.Box;
import yolompi.recipe.EvalRecipe.Nms;

/** Each kind beside its definition, written out over {@link Box} objects in double precision. */
final class NmsTest {
    private static final Box LEFT = new Box(0, 0, 10, 10);
    private static final Box BESIDE = new Box(1, 0, 11, 10); // IoU 9/11
    private static final Box APART = new Box(50, 50, 60, 60);

    private static DetectionRule rule(Nms kind, double maxIou) {
        return new DetectionRule(0.001, kind, maxIou, false, true, 100_000);
    }

    private static Detection detection(int classId, double score, Box box) {
        return new Detection(classId, (float) score, box);
    }

    private static List<Detection> run(DetectionRule rule, List<Detection> proposed) {
        Candidates candidates = new Candidates();
        for (Detection one : proposed) {
            Box box = one.box();
            candidates.add(
                    new float[] {
                        Float.NaN, 0, 0, 0, 0, 0, box.x1(), box.y1(), box.x2(), box.y2(), one.score(), one.classId()
                    },
                    1);
        }
        return candidates.suppress(rule);
    }

    @Test
    void keepsTheBestOfOverlappingBoxesBestFirst() {
        List<Detection> found = run(
                rule(Nms.GREEDY, 0.5),
                List.of(detection(0, 0.6, LEFT), detection(0, 0.8, BESIDE), detection(0, 0.9, APART)));

        assertThat(found).containsExactly(detection(0, 0.9, APART), detection(0, 0.8, BESIDE));
    }

    @ParameterizedTest
    @EnumSource(Nms.class)
    void boxesOfDifferentClassesActOnEachOtherOnlyWhereThatIsAsked(Nms kind) {
        List<Detection> proposed = List.of(detection(1, 0.6, LEFT), detection(0, 0.8, BESIDE));

        assertThat(run(rule(kind, 0.5), proposed)).containsExactly(proposed.get(1), proposed.get(0));
        DetectionRule agnostic = new DetectionRule(0.2, kind, 0.5, true, true, 100);
        assertThat(run(agnostic, proposed)).singleElement().satisfies(best -> {
            assertThat(best.classId()).isZero();
            assertThat(best.score()).isEqualTo(0.8f);
        });
    }

    @ParameterizedTest
    @EnumSource(Nms.class)
    void ofEqualScoresTheEarlierBoxWins(Nms kind) {
        List<Detection> proposed =
                List.of(detection(0, 0.7, LEFT), detection(0, 0.7, BESIDE), detection(0, 0.7, APART));

        assertThat(run(rule(kind, 0.5), proposed)).extracting(Detection::score).startsWith(0.7f, 0.7f);
        assertThat(run(new DetectionRule(0.5, kind, 0.9, true, true, 1), proposed))
                .containsExactly(proposed.get(0));
    }

    @Test
    void anOverlapOfExactlyTheLimitIsAllowed() {
        List<Detection> half = List.of(detection(0, 1, LEFT), detection(0, 0.5, new Box(0, 0, 10, 5)));

        assertThat(run(rule(Nms.GREEDY, 0.5), half)).hasSize(2);
        assertThat(run(rule(Nms.GREEDY, 0.49), half)).hasSize(1);
    }

    @Test
    void aSuppressedBoxSuppressesNothing() {
        List<Detection> chain = List.of( // neighbours overlap by 0.43, the ends by 0.11
                detection(0, 0.9, new Box(0, 0, 10, 10)),
                detection(0, 0.8, new Box(4, 0, 14, 10)),
                detection(0, 0.7, new Box(8, 0, 18, 10)));

        assertThat(run(rule(Nms.GREEDY, 0.3), chain)).containsExactly(chain.get(0), chain.get(2));
    }

    @Test
    void diouSparesANeighbourWhoseCentreLiesApart() {
        Box wide = new Box(0, 0, 20, 10);
        Box onItsRight = new Box(8, 0, 28, 10); // IoU 12/28; distance² 64 of diagonal² 884
        Box withinIt = new Box(5.7f, 0, 14.3f, 10); // IoU 0.43 as well, one centre
        List<Detection> proposed =
                List.of(detection(0, 0.9, wide), detection(0, 0.8, onItsRight), detection(0, 0.7, withinIt));

        assertThat(run(rule(Nms.GREEDY, 0.4), proposed)).containsExactly(proposed.get(0));
        assertThat(run(rule(Nms.DIOU, 0.4), proposed)).containsExactly(proposed.get(0), proposed.get(1));
        assertThat(run(rule(Nms.DIOU, 12 / 28.0 - 64 / 884.0 - 0.001), proposed))
                .containsExactly(proposed.get(0));
    }

    @Test
    void softLowersTheScoreByTheOverlapAndDropsWhatFallsToTheConfidence() {
        List<Detection> proposed =
                List.of(detection(0, 0.9, LEFT), detection(0, 0.8, BESIDE), detection(0, 0.3, APART));
        double lowered = 0.8f * Math.exp(-(9 / 11.0) * (9 / 11.0) / 0.5); // 0.21

        List<Detection> found = run(rule(Nms.SOFT, 0.5), proposed);

        assertThat(found).extracting(Detection::box).containsExactly(LEFT, APART, BESIDE);
        assertThat((double) found.get(2).score()).isCloseTo(lowered, within(1e-6));
        assertThat(run(new DetectionRule(0.25, Nms.SOFT, 0.5, false, true, 100), proposed))
                .extracting(Detection::box)
                .containsExactly(LEFT, APART);
    }

    @Test
    void mergeAveragesWhatABoxDropsByScore() {
        List<Detection> proposed = List.of(
                detection(0, 0.25, new Box(2, 0, 12, 10)), // IoU 2/3 with the best
                detection(0, 0.75, LEFT),
                detection(0, 0.5, APART));

        assertThat(run(rule(Nms.MERGE, 0.5), proposed))
                .containsExactly(detection(0, 0.75, new Box(0.5f, 0, 10.5f, 10)), proposed.get(2));
    }

    @Test
    void mergeAveragesAlsoWhatComesAfterTheLastBoxThatIsKept() {
        List<Detection> proposed =
                List.of(detection(0, 0.75, LEFT), detection(0, 0.5, APART), detection(0, 0.25, new Box(2, 0, 12, 10)));

        assertThat(run(new DetectionRule(0.001, Nms.MERGE, 0.5, false, true, 1), proposed))
                .containsExactly(detection(0, 0.75, new Box(0.5f, 0, 10.5f, 10)));
    }

    @ParameterizedTest
    @EnumSource(Nms.class)
    void stopsAtTheGivenNumberOfBoxes(Nms kind) {
        List<Detection> proposed = randomBoxes(200);

        assertThat(run(new DetectionRule(0.001, kind, 0.45, false, true, 7), proposed))
                .isEqualTo(run(rule(kind, 0.45), proposed).subList(0, 7));
    }

    @ParameterizedTest
    @EnumSource(Nms.class)
    void noBoxesGiveNoBoxes(Nms kind) {
        assertThat(run(rule(kind, 0.5), List.of())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
    void refusesWhatIsNoPart(double value) {
        assertThatThrownBy(() -> DetectionRule.greedy(value, 0.5, 1))
                .isInstanceOf(InputException.class)
                .hasMessage("--confidence " + value + ": expected 0 to 1");
        assertThatThrownBy(() -> DetectionRule.greedy(0.5, value, 1))
                .isInstanceOf(InputException.class)
                .hasMessage("--nms-iou " + value + ": expected 0 to 1");
    }

    @ParameterizedTest
    @EnumSource(Nms.class)
    void keepsWhatTheDefinitionKeeps(Nms kind) {
        List<Detection> proposed = randomBoxes(1500);
        List<Detection> found = run(rule(kind, 0.45), proposed);
        List<Detection> expected = byDefinition(kind, 0.45, proposed);

        assertThat(found).hasSizeBetween(50, 1500).hasSameSizeAs(expected);
        for (int i = 0; i < found.size(); i++) {
            assertThat(found.get(i).classId()).isEqualTo(expected.get(i).classId());
            assertThat(found.get(i).score()).isCloseTo(expected.get(i).score(), within(1e-6f));
            assertThat(found.get(i).box().x1()).isCloseTo(expected.get(i).box().x1(), within(1e-3f));
            assertThat(found.get(i).box().y2()).isCloseTo(expected.get(i).box().y2(), within(1e-3f));
        }
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

    /** All candidates are looked at again after each box that is kept. */
    private static List<Detection> byDefinition(Nms kind, double maxIou, List<Detection> proposed) {
        List<Detection> left = new ArrayList<>(proposed);
        List<Double> scores = new ArrayList<>();
        left.forEach(one -> scores.add((double) one.score()));
        List<Detection> kept = new ArrayList<>();
        while (!left.isEmpty()) {
            int best = scores.indexOf(
                    scores.stream().max(Comparator.naturalOrder()).orElseThrow());
            Detection one = left.remove(best);
            double score = scores.remove(best);
            List<Detection> merged = new ArrayList<>(List.of(one));
            for (int i = left.size() - 1; i >= 0; i--) {
                Detection other = left.get(i);
                if (other.classId() != one.classId()) {
                    continue;
                }
                double iou = one.box().iou(other.box());
                boolean drops =
                        switch (kind) {
                            case GREEDY, MERGE -> iou > maxIou;
                            case DIOU -> iou - distance(one.box(), other.box()) > maxIou;
                            case SOFT -> scores.get(i) * Math.exp(-iou * iou / 0.5) <= 0.001;
                        };
                if (kind == Nms.SOFT) {
                    scores.set(i, scores.get(i) * Math.exp(-iou * iou / 0.5));
                }
                if (drops) {
                    merged.add(left.remove(i));
                    scores.remove(i);
                }
            }
            kept.add(detection(one.classId(), score, kind == Nms.MERGE ? mean(merged) : one.box()));
        }
        return kept;
    }

    private static double distance(Box a, Box b) {
        double width = Math.max(a.x2(), b.x2()) - Math.min(a.x1(), b.x1());
        double height = Math.max(a.y2(), b.y2()) - Math.min(a.y1(), b.y1());
        return (Math.pow(a.centerX() - b.centerX(), 2) + Math.pow(a.centerY() - b.centerY(), 2))
                / (width * width + height * height);
    }

    private static Box mean(List<Detection> boxes) {
        double weight = boxes.stream().mapToDouble(Detection::score).sum();
        double[] sums = new double[4];
        for (Detection one : boxes) {
            sums[0] += one.score() * one.box().x1();
            sums[1] += one.score() * one.box().y1();
            sums[2] += one.score() * one.box().x2();
            sums[3] += one.score() * one.box().y2();
        }
        return new Box((float) (sums[0] / weight), (float) (sums[1] / weight), (float) (sums[2] / weight), (float)
                (sums[3] / weight));
    }
}
