package yolompi.model.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.torch.LoadLibTorch;
import yolompi.torch.Tensors;

@ExtendWith(LoadLibTorch.class)
final class FocalLossTest {
    /** Its sigmoid is 3/4. */
    private static final float LOGIT = (float) Math.log(3);

    @ParameterizedTest
    @CsvSource({"1, 0.75", "0, 0.25"})
    void gammaZeroGivesCrossEntropyForAnyAlpha(float target, double probability) {
        assertThat(loss(new FocalLoss(0, 0.25), LOGIT, target)).isCloseTo(-Math.log(probability), within(1e-6));
    }

    @Test
    void easyExamplesHaveLowerWeight() {
        // p_t is 3/4 for target 1 and 1/4 for target 0.
        assertThat(loss(new FocalLoss(2, 0), LOGIT, 1)).isCloseTo(-Math.log(0.75) / 16, within(1e-6));
        assertThat(loss(new FocalLoss(2, 0), LOGIT, 0)).isCloseTo(-Math.log(0.25) * 9 / 16, within(1e-6));
    }

    @Test
    void alphaBalancesPositivesAndNegatives() {
        assertThat(loss(new FocalLoss(2, 0.2), LOGIT, 1)).isCloseTo(0.2 * -Math.log(0.75) / 16, within(1e-6));
        assertThat(loss(new FocalLoss(2, 0.2), LOGIT, 0)).isCloseTo(0.8 * -Math.log(0.25) * 9 / 16, within(1e-6));
    }

    @Test
    void weightsMultiplyTheLossOfEachElement() {
        Tensor logits = Tensors.ofFloats(new float[] {LOGIT, LOGIT}, 2);
        Tensor target = Tensors.ofFloats(new float[] {1, 0}, 2);
        Tensor weight = Tensors.ofFloats(new float[] {3, 0}, 2);

        assertThat(new FocalLoss(2, 0).sum(logits, target, weight).item_double())
                .isCloseTo(3 * -Math.log(0.75) / 16, within(1e-6));
        assertThat(new FocalLoss(0, 0).sum(logits, target, weight).item_double())
                .isCloseTo(3 * -Math.log(0.75), within(1e-6));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.01, 0.5, 1, 2, 10})
    void valueAndGradientAreFiniteForAnyLogit(double gamma) {
        float[] extremes = {-1000, -110, -50, 0, 50, 110, 1000};
        for (float target : new float[] {0, 0.1f, 1}) {
            Tensor logits = Tensors.ofFloats(extremes, extremes.length);
            logits.set_requires_grad(true);
            Tensor loss = new FocalLoss(gamma, 0.25).sum(logits, torch.full_like(logits, new Scalar(target)));
            loss.backward();

            assertThat(loss.item_double()).isFinite().isPositive();
            for (float slope : Tensors.toFloats(logits.grad())) {
                assertThat(slope).isFinite();
            }
        }
    }

    private static double loss(FocalLoss focal, float logit, float target) {
        return focal.sum(Tensors.ofFloats(new float[] {logit}, 1), Tensors.ofFloats(new float[] {target}, 1))
                .item_double();
    }
}
