package yolompi.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import yolompi.geometry.Box;
import yolompi.recipe.EvalRecipe.Nms;

final class DiouNmsTest extends NmsContract {
    private static final Box WIDE = new Box(0, 0, 20, 10);
    private static final Box ON_ITS_RIGHT = new Box(8, 0, 28, 10); // IoU 12/28; distance² 64 of diagonal² 884
    private static final Box WITHIN_IT = new Box(5.7f, 0, 14.3f, 10); // IoU 0.43 too, the same center

    private static final List<Detection> PREDICTIONS =
            List.of(detection(0, 0.9, WIDE), detection(0, 0.8, ON_ITS_RIGHT), detection(0, 0.7, WITHIN_IT));

    DiouNmsTest() {
        super(Nms.DIOU);
    }

    @Override
    double scoreBeside(Box kept, Box other, double score, double maxIou) {
        return kept.iou(other) - distance(kept, other) > maxIou ? 0 : score;
    }

    /** Squared distance of the centers divided by the squared diagonal of the enclosing box. */
    private static double distance(Box a, Box b) {
        double width = Math.max(a.x2(), b.x2()) - Math.min(a.x1(), b.x1());
        double height = Math.max(a.y2(), b.y2()) - Math.min(a.y1(), b.y1());
        return (Math.pow(a.centerX() - b.centerX(), 2) + Math.pow(a.centerY() - b.centerY(), 2))
                / (width * width + height * height);
    }

    @Test
    void keepsAnOverlappingBoxWithADistantCenter() {
        assertThat(run(rule(0.4), PREDICTIONS)).containsExactly(PREDICTIONS.get(0), PREDICTIONS.get(1));
        assertThat(run(NmsConfig.greedy(CONFIDENCE, 0.4, 100), PREDICTIONS)).containsExactly(PREDICTIONS.get(0));
    }

    @Test
    void dropsABoxWhoseIouMinusDistanceExceedsTheThreshold() {
        assertThat(run(rule(12 / 28.0 - 64 / 884.0 - 0.001), PREDICTIONS)).containsExactly(PREDICTIONS.get(0));
    }
}
