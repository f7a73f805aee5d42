package yolompi.optim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import yolompi.model.Parameter;
import yolompi.torch.DeviceContext;
import yolompi.torch.LoadLibTorch;
import yolompi.torch.Precision;

@ExtendWith(LoadLibTorch.class)
class LossScaleTest {
    @Test
    void overflowHalvesAndTwoThousandFiniteStepsDoubleTheScale() {
        LossScale scale = LossScale.of(DeviceContext.cpu(Precision.FP16));
        assertThat(scale.factor()).isEqualTo(65_536);

        scale.update(false);
        assertThat(scale.factor()).isEqualTo(32_768);
        for (int step = 0; step < 1999; step++) {
            scale.update(true);
        }
        assertThat(scale.factor()).isEqualTo(32_768);
        scale.update(true);
        assertThat(scale.factor()).isEqualTo(65_536);
    }

    @Test
    void overflowResetsTheCountOfFiniteSteps() {
        LossScale scale = LossScale.of(DeviceContext.cpu(Precision.FP16));
        for (int step = 0; step < 1999; step++) {
            scale.update(true);
        }
        scale.update(false);
        scale.update(true);

        assertThat(scale.factor()).isEqualTo(32_768);
    }

    @Test
    void stateIsRestoredFromACheckpoint() {
        LossScale saved = LossScale.of(DeviceContext.cpu(Precision.FP16));
        saved.update(false);
        LossScale resumed = LossScale.of(DeviceContext.cpu(Precision.FP16));
        Parameter state = resumed.state().get(0);

        state.tensor().copy_(saved.state().get(0).tensor());

        assertThat(state.name()).isEqualTo("loss_scale");
        assertThat(resumed.factor()).isEqualTo(32_768);
    }

    @Test
    void otherPrecisionsHaveNoLossScale() {
        LossScale none = LossScale.of(DeviceContext.cpu(Precision.BF16));
        none.update(false);

        assertThat(none.factor()).isEqualTo(1);
        assertThat(none.state()).isEmpty();
    }
}
