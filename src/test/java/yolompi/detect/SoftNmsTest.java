package yolompi.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import yolompi.geometry.Box;
import yolompi.recipe.EvalRecipe.Nms;

final class SoftNmsTest extends NmsContract {
    private static final double SIGMA = 0.5;
    private static final List<Detection> PREDICTIONS =
            List.of(detection(0, 0.9, LEFT), detection(0, 0.8, BESIDE), detection(0, 0.3, APART));

    SoftNmsTest() {
        super(Nms.SOFT);
    }

    @Override
    double scoreBeside(Box kept, Box other, double score, double maxIou) {
        double iou = kept.iou(other);
        return score * Math.exp(-iou * iou / SIGMA);
    }

    @Test
    void overlapLowersTheScore() {
        double lowered = 0.8f * Math.exp(-(9 / 11.0) * (9 / 11.0) / SIGMA); // 0.21

        List<Detection> found = run(rule(0.5), PREDICTIONS);

        assertThat(found).extracting(Detection::box).containsExactly(LEFT, APART, BESIDE);
        assertThat((double) found.get(2).score()).isCloseTo(lowered, within(1e-6));
    }

    @Test
    void boxWhoseScoreFallsToTheConfidenceIsDropped() {
        assertThat(run(new NmsConfig(0.25, Nms.SOFT, 0.5, false, true, 100), PREDICTIONS))
                .extracting(Detection::box)
                .containsExactly(LEFT, APART);
    }
}
