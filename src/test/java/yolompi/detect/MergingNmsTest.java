package yolompi.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import yolompi.geometry.Box;
import yolompi.recipe.EvalRecipe.Nms;

final class MergingNmsTest extends NmsContract {
    private static final Detection BEST = detection(0, 0.75, LEFT);
    private static final Detection DROPPED = detection(0, 0.25, new Box(2, 0, 12, 10)); // IoU 2/3 with the best box
    private static final Detection OTHER = detection(0, 0.5, APART);
    private static final Detection MERGED = detection(0, 0.75, new Box(0.5f, 0, 10.5f, 10));

    MergingNmsTest() {
        super(Nms.MERGE);
    }

    @Override
    double scoreBeside(Box kept, Box other, double score, double maxIou) {
        return kept.iou(other) > maxIou ? 0 : score;
    }

    @Override
    Box reported(List<Detection> group) {
        return new Box(mean(group, Box::x1), mean(group, Box::y1), mean(group, Box::x2), mean(group, Box::y2));
    }

    private static float mean(List<Detection> group, ToDoubleFunction<Box> corner) {
        double weight = group.stream().mapToDouble(Detection::score).sum();
        double sum = group.stream()
                .mapToDouble(one -> one.score() * corner.applyAsDouble(one.box()))
                .sum();
        return (float) (sum / weight);
    }

    @Test
    void keptBoxIsTheScoreWeightedMeanOfItsGroup() {
        assertThat(run(rule(0.5), List.of(DROPPED, BEST, OTHER))).containsExactly(MERGED, OTHER);
    }

    @Test
    void boxesAfterTheLastKeptBoxAreMerged() {
        assertThat(run(new NmsConfig(CONFIDENCE, Nms.MERGE, 0.5, false, true, 1), List.of(BEST, OTHER, DROPPED)))
                .containsExactly(MERGED);
    }
}
