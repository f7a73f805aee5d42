package yolompi.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import yolompi.geometry.Box;
import yolompi.recipe.EvalRecipe.Nms;

final class GreedyNmsTest extends NmsContract {
    GreedyNmsTest() {
        super(Nms.GREEDY);
    }

    @Override
    double scoreBeside(Box kept, Box other, double score, double maxIou) {
        return kept.iou(other) > maxIou ? 0 : score;
    }

    @Test
    void keepsTheBestOfOverlappingBoxesInOrderOfScore() {
        List<Detection> found =
                run(rule(0.5), List.of(detection(0, 0.6, LEFT), detection(0, 0.8, BESIDE), detection(0, 0.9, APART)));

        assertThat(found).containsExactly(detection(0, 0.9, APART), detection(0, 0.8, BESIDE));
    }

    @Test
    void iouEqualToTheThresholdIsAllowed() {
        List<Detection> half = List.of(detection(0, 1, LEFT), detection(0, 0.5, new Box(0, 0, 10, 5)));

        assertThat(run(rule(0.5), half)).hasSize(2);
        assertThat(run(rule(0.49), half)).hasSize(1);
    }

    @Test
    void suppressedBoxSuppressesNothing() {
        List<Detection> chain = List.of( // IoU of neighbors 0.43, of the ends 0.11
                detection(0, 0.9, new Box(0, 0, 10, 10)),
                detection(0, 0.8, new Box(4, 0, 14, 10)),
                detection(0, 0.7, new Box(8, 0, 18, 10)));

        assertThat(run(rule(0.3), chain)).containsExactly(chain.get(0), chain.get(2));
    }
}
