package yolompi.dist;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import yolompi.torch.LoadLibTorch;
import yolompi.torch.Tensors;

@ExtendWith(LoadLibTorch.class)
class ExposedTimeTest {
    /** LibTorch would call a hook that the collector has freed. */
    @Test
    void onceClosedItHearsOfNoMoreGradients() {
        Tensor parameter = Tensors.ofFloats(new float[] {1, 2}, 2).set_requires_grad(true);
        ExposedTime exposed = new ExposedTime(parameter, new RankStatus());
        parameter.square().sum().backward();
        exposed.received();
        long before = exposed.nanos();
        assertThat(before).isPositive();

        exposed.close();
        parameter.square().sum().backward();
        exposed.received();

        assertThat(exposed.nanos()).isEqualTo(before);
    }

    /** No head depends on it: that the others' gradients have come says nothing of a time. */
    @Test
    void aParameterWithoutGradientMakesNoTime() {
        Tensor parameter = Tensors.ofFloats(new float[] {1, 2}, 2).set_requires_grad(true);
        try (ExposedTime exposed = new ExposedTime(parameter, new RankStatus())) {
            exposed.received();
            assertThat(exposed.nanos()).isZero();
        }
    }
}
