package yolompi.train.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import yolompi.torch.DeviceContext;
import yolompi.torch.LoadLibTorch;
import yolompi.torch.Precision;
import yolompi.torch.Tensors;

/** Steps in fp16 on the CPU. {@link SkippedStepRanksTest} tests an overflow on one of two ranks. */
@ExtendWith(LoadLibTorch.class)
class HalfStepTest {
    private static final DeviceContext HALF = DeviceContext.cpu(Precision.FP16);
    private static final float TOO_LARGE = 1 << 17;

    @Test
    void lossAndGradientsAreCloseToThoseInFp32ButNotEqual() {
        try (StepRun half = StepRun.slim(HALF, 2, 64, "model.frozen_batch_norm=true");
                StepRun single = StepRun.slim(DeviceContext.PLAIN, 2, 64, "model.frozen_batch_norm=true")) {
            half.scaleLoss(1024);
            double loss = single.loss();
            assertThat(half.loss()).isCloseTo(loss, within(1e-2 * loss));
            double error = StepRun.relativeError(half.gradients(), single.gradients());
            assertThat(error).isBetween(1e-6, 1e-2);
        }
    }

    @Test
    void overflowsAreSkippedAndHalveTheLossScale() {
        try (StepRun run = StepRun.slim(HALF, 2, 64)) {
            Tensor scale = run.lossScale().orElseThrow();
            run.scaleLoss(TOO_LARGE);
            float[] weights = run.weights();
            float factor = TOO_LARGE;
            int skipped = 0;
            while (!run.run().finite()) {
                assertThat(Arrays.equals(run.weights(), weights))
                        .as("unchanged weights")
                        .isTrue();
                factor /= 2;
                skipped++;
                assertThat(Tensors.toFloats(scale)).containsExactly(factor, 0);
            }
            assertThat(skipped).isPositive();
            assertThat(factor).isGreaterThan(1);
            assertThat(Arrays.equals(run.weights(), weights))
                    .as("unchanged weights")
                    .isFalse();
            assertThat(Tensors.toFloats(scale)).containsExactly(factor, 1);
        }
    }
}
