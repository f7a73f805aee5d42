package yolompi.model.loss;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.model.YoloHead;
import yolompi.model.YoloHead.Anchor;
import yolompi.torch.LoadLibTorch;
import yolompi.torch.Tensors;

@ExtendWith(LoadLibTorch.class)
final class IgnoreMaskTest {
    private static final int SIZE = 64;
    private static final List<YoloHead> HEADS = List.of(new YoloHead(List.of(new Anchor(10, 10)), 1, 16));

    /** So many predictions that the ground-truth boxes of an image are compared one at a time. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.3, 0.6})
    void everyPredictionIsComparedWithAllGroundTruthOfItsImage(double threshold) {
        int[] truths = {2, 0, 5};
        int perImage = 150_000;
        SplittableRandom random = new SplittableRandom(4);
        float[] predicted = new float[truths.length * perImage * 4];
        for (int i = 0; i < predicted.length; i += 4) {
            predicted[i] = (float) random.nextDouble(0, 50);
            predicted[i + 1] = (float) random.nextDouble(0, 50);
            predicted[i + 2] = predicted[i] + (float) random.nextDouble(2, 30);
            predicted[i + 3] = predicted[i + 1] + (float) random.nextDouble(2, 30);
        }
        float[] boxes = new float[6 * 7];
        for (int row = 0; row < 7; row++) {
            boxes[6 * row] = row < 2 ? 0 : 2;
            for (int i = 2; i < 6; i++) {
                boxes[6 * row + i] = (float) random.nextDouble(10, 50);
            }
        }

        float[] above = above(threshold, predicted, truths.length, boxes);

        int differing = 0;
        int found = 0;
        for (int i = 0; i < above.length; i++) {
            double best = bestIou(predicted, i, boxes, i / perImage);
            boolean tie = Math.abs(best - threshold) < 1e-5 && best > 0;
            differing += !tie && above[i] != (best > threshold ? 1 : 0) ? 1 : 0;
            found += (int) above[i];
        }
        assertThat(differing).isZero();
        assertThat(found).isBetween(1, above.length - perImage);
    }

    @Test
    void iouOfEqualBoxesIsAtMostOne() {
        assertThat(above(1, new float[] {10, 10, 30, 20}, 1, new float[] {0, 0, 20, 15, 20, 10}))
                .containsExactly(0);
        assertThat(above(0.99, new float[] {10, 10, 30, 20}, 1, new float[] {0, 0, 20, 15, 20, 10}))
                .containsExactly(1);
    }

    @Test
    void imageWithoutGroundTruthHasNoOverlap() {
        assertThat(above(0, new float[] {10, 10, 30, 20}, 1, new float[0])).containsExactly(0);
    }

    private static float[] above(double threshold, float[] predicted, int images, float[] boxes) {
        TargetAssignment targets = TargetAssignment.assign(HEADS, boxes, images, SIZE, 1);
        Tensor boxesFound = Tensors.ofFloats(predicted, images, predicted.length / 4 / images, 4);
        TargetTensors.Truth truth = TargetTensors.of(targets).beside(boxesFound).truth();
        return Tensors.toFloats(IgnoreMask.above(threshold, boxesFound, truth).to(ScalarType.Float));
    }

    private static double bestIou(float[] predicted, int i, float[] boxes, int image) {
        double best = 0;
        for (int row = 0; row < boxes.length; row += 6) {
            if (boxes[row] == image) {
                double shared = 1;
                double predictedArea = 1;
                for (int axis = 0; axis < 2; axis++) {
                    double start = predicted[4 * i + axis];
                    double end = predicted[4 * i + axis + 2];
                    double half = boxes[row + 4 + axis] / 2.0;
                    double center = boxes[row + 2 + axis];
                    shared *= Math.max(0, Math.min(end, center + half) - Math.max(start, center - half));
                    predictedArea *= end - start;
                }
                double trueArea = (double) boxes[row + 4] * boxes[row + 5];
                best = Math.max(best, shared / (predictedArea + trueArea - shared));
            }
        }
        return best;
    }
}
