package yolompi.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ScoreOrderTest {
    @Test
    void scoresAreSortedDescendingAndStably() {
        assertThat(ScoreOrder.bestFirst(new float[] {0.5f, 1, -2, 0.5f, 0, -0f, -1, 0.5f}))
                .containsExactly(1, 0, 3, 7, 4, 5, 6, 2);
    }

    @Test
    void doubleScoresAreInTheSameOrder() {
        assertThat(ScoreOrder.bestFirst(new double[] {0.5, 1, -2, 0.5, 0, -0.0, -1, 0.5, 0.5 + 1e-16, 0.5 + 2e-16}))
                .containsExactly(1, 9, 8, 0, 3, 7, 4, 5, 6, 2);
    }

    @Test
    void orderEqualsAStableSortOfObjects() {
        Random random = new Random(3);
        float[] scores = new float[5000];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = random.nextInt(-500, 500) / 500f;
        }
        int[] sorted = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparing((Integer i) -> scores[i] == 0 ? 0 : -scores[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        assertThat(ScoreOrder.bestFirst(scores)).containsExactly(sorted);
    }
}
