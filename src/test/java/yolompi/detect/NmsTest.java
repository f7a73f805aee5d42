package yolompi.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import yolompi.geometry.Box;

final class NmsTest {
    private static final float[] TWO_ON_ONE_OBJECT_AND_ONE_ALONE = {0, 0, 10, 10, 1, 0, 11, 10, 50, 50, 60, 60};

    @Test
    void keepsTheBestOfOverlappingBoxesBestFirst() {
        int[] kept = Nms.greedy(
                TWO_ON_ONE_OBJECT_AND_ONE_ALONE, new float[] {0.6f, 0.8f, 0.9f}, new int[] {0, 0, 0}, 0.5, 100);
        assertThat(kept).containsExactly(2, 1);
    }

    @Test
    void boxesOfDifferentClassesNeverSuppressEachOther() {
        int[] kept = Nms.greedy(
                TWO_ON_ONE_OBJECT_AND_ONE_ALONE, new float[] {0.6f, 0.8f, 0.9f}, new int[] {1, 0, 0}, 0.5, 100);
        assertThat(kept).containsExactly(2, 1, 0);
    }

    @Test
    void ofEqualScoresTheEarlierBoxWins() {
        int[] kept = Nms.greedy(
                TWO_ON_ONE_OBJECT_AND_ONE_ALONE, new float[] {0.7f, 0.7f, 0.7f}, new int[] {0, 0, 0}, 0.5, 100);
        assertThat(kept).containsExactly(0, 2);
    }

    @Test
    void anOverlapOfExactlyTheLimitIsAllowed() {
        float[] halfOverlapping = {0, 0, 10, 10, 0, 0, 10, 5};
        assertThat(Nms.greedy(halfOverlapping, new float[] {1, 0.5f}, new int[2], 0.5, 100))
                .containsExactly(0, 1);
        assertThat(Nms.greedy(halfOverlapping, new float[] {1, 0.5f}, new int[2], 0.49, 100))
                .containsExactly(0);
    }

    @Test
    void aSuppressedBoxSuppressesNothing() {
        float[] chain = {0, 0, 10, 10, 4, 0, 14, 10, 8, 0, 18, 10}; // neighbours overlap by 0.43, the ends by 0.11
        assertThat(Nms.greedy(chain, new float[] {0.9f, 0.8f, 0.7f}, new int[3], 0.3, 100))
                .containsExactly(0, 2);
    }

    @Test
    void stopsAtTheGivenNumberOfBoxes() {
        int[] kept = Nms.greedy(
                TWO_ON_ONE_OBJECT_AND_ONE_ALONE, new float[] {0.6f, 0.8f, 0.9f}, new int[] {0, 0, 0}, 0.5, 1);
        assertThat(kept).containsExactly(2);
    }

    @Test
    void noBoxesGiveNoBoxes() {
        assertThat(Nms.greedy(new float[0], new float[0], new int[0], 0.5, 100)).isEmpty();
    }

    @Test
    void refusesArraysThatDoNotFitTogether() {
        assertThatThrownBy(() -> Nms.greedy(new float[4], new float[2], new int[2], 0.5, 100))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("4, 2 and 2 values");
    }

    @Test
    void keepsWhatPairwiseComparisonOfBoxObjectsKeeps() {
        Random random = new Random(7);
        int count = 2000;
        float[] boxes = new float[4 * count];
        float[] scores = new float[count];
        int[] classes = new int[count];
        for (int i = 0; i < count; i++) {
            boxes[4 * i] = random.nextFloat(300);
            boxes[4 * i + 1] = random.nextFloat(300);
            boxes[4 * i + 2] = boxes[4 * i] + 20 + random.nextFloat(80);
            boxes[4 * i + 3] = boxes[4 * i + 1] + 20 + random.nextFloat(80);
            scores[i] = random.nextInt(100) / 100f;
            classes[i] = random.nextInt(3);
        }

        assertThat(Nms.greedy(boxes, scores, classes, 0.45, count))
                .hasSizeBetween(50, count - 50)
                .containsExactly(keptByDefinition(boxes, scores, classes, 0.45));
    }

    private static Integer[] keptByDefinition(float[] boxes, float[] scores, int[] classes, double maxIou) {
        List<Integer> kept = new ArrayList<>();
        IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparing((Integer i) -> -scores[i]))
                .filter(i -> kept.stream()
                        .noneMatch(
                                k -> classes[k] == classes[i] && box(boxes, k).iou(box(boxes, i)) > maxIou))
                .forEachOrdered(kept::add);
        return kept.toArray(Integer[]::new);
    }

    private static Box box(float[] boxes, int i) {
        return new Box(boxes[4 * i], boxes[4 * i + 1], boxes[4 * i + 2], boxes[4 * i + 3]);
    }
}
