package yolompi.model.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import yolompi.recipe.LossRecipe.BoxTerm;
import yolompi.torch.LoadLibTorch;
import yolompi.torch.Tensors;

@ExtendWith(LoadLibTorch.class)
final class BoxLossTest {
    private static final float[] SQUARE = {0, 0, 10, 10};

    @ParameterizedTest
    @EnumSource(names = "MSE", mode = EnumSource.Mode.EXCLUDE)
    void equalBoxesHaveZeroLoss(BoxTerm term) {
        assertThat(loss(term, new float[] {3, 4, 50, 20}, new float[] {3, 4, 50, 20}))
                .isCloseTo(0, within(1e-6));
    }

    @Test
    void iouLossIsOneMinusIou() {
        assertThat(loss(BoxTerm.IOU, SQUARE, new float[] {5, 5, 15, 15})).isCloseTo(1 - 25 / 175.0, within(1e-6));
        assertThat(loss(BoxTerm.IOU, SQUARE, new float[] {2, 2, 8, 8})).isCloseTo(1 - 0.36, within(1e-6));
        assertThat(loss(BoxTerm.IOU, SQUARE, new float[] {20, 0, 30, 10})).isEqualTo(1);
    }

    @Test
    void diouAddsTheDistanceOfCentersOnly() {
        assertThat(loss(BoxTerm.DIOU, SQUARE, new float[] {5, 5, 15, 15}))
                .isCloseTo(1 - 25 / 175.0 + 50 / 450.0, within(1e-6));
        // Centers 20 apart; the enclosing box is 30 × 10.
        assertThat(loss(BoxTerm.DIOU, SQUARE, new float[] {20, 0, 30, 10})).isCloseTo(1 + 400 / 1000.0, within(1e-6));
        // Same center; 10 × 10 and 20 × 10.
        assertThat(loss(BoxTerm.DIOU, SQUARE, new float[] {-5, 0, 15, 10})).isCloseTo(0.5, within(1e-6));
    }

    @Test
    void giouAddsTheEmptyPartOfTheEnclosingBox() {
        // Side by side, touching: IoU 0, no part of the enclosing box is empty.
        assertThat(loss(BoxTerm.GIOU, SQUARE, new float[] {10, 0, 20, 10})).isCloseTo(1, within(1e-6));
        // A gap of 10: a third of the enclosing box is empty.
        assertThat(loss(BoxTerm.GIOU, SQUARE, new float[] {20, 0, 30, 10})).isCloseTo(1 + 1 / 3.0, within(1e-6));
        // Half the size apart: intersection 25, union 175, enclosing box 225.
        assertThat(loss(BoxTerm.GIOU, SQUARE, new float[] {5, 5, 15, 15}))
                .isCloseTo(1 - 25 / 175.0 + 50 / 225.0, within(1e-6));
    }

    @Test
    void ciouAddsTheDistanceOfCenters() {
        // Centers 5 and 5 apart; the enclosing box is 15 × 15; equal shapes.
        assertThat(loss(BoxTerm.CIOU, SQUARE, new float[] {5, 5, 15, 15}))
                .isCloseTo(1 - 25 / 175.0 + 50 / 450.0, within(1e-6));
    }

    @Test
    void ciouAddsTheDifferenceOfAspectRatios() {
        // Same center; 10 × 10 and 20 × 10: IoU 1/2, v = 4/π² (atan 2 - atan 1)², α = v / (1/2 +
        // v).
        double v = 4 / (Math.PI * Math.PI) * Math.pow(Math.atan(2) - Math.PI / 4, 2);
        assertThat(loss(BoxTerm.CIOU, SQUARE, new float[] {-5, 0, 15, 10}))
                .isCloseTo(0.5 + v * v / (0.5 + v), within(1e-6));
    }

    @Test
    void disjointBoxesHaveGradients() {
        Tensor predicted = Tensors.ofFloats(SQUARE, 1, 4);
        predicted.set_requires_grad(true);

        BoxLoss.of(BoxTerm.CIOU, predicted, Tensors.ofFloats(new float[] {40, 0, 50, 10}, 1, 4))
                .sum()
                .backward();

        float[] gradient = Tensors.toFloats(predicted.grad());
        assertThat(gradient[0] + gradient[2]).isNegative(); // moving right lowers the loss
        assertThat(gradient[1] + gradient[3]).isCloseTo(0, within(1e-6f));
    }

    private static double loss(BoxTerm term, float[] predicted, float[] truth) {
        Tensor loss = BoxLoss.of(term, Tensors.ofFloats(predicted, 1, 4), Tensors.ofFloats(truth, 1, 4));
        assertThat(loss.numel()).isEqualTo(1);
        return loss.item_double();
    }
}
