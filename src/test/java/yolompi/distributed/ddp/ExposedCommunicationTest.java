package yolompi.distributed.ddp;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import yolompi.distributed.watchdog.RankStatus;
import yolompi.torch.LoadLibTorch;
import yolompi.torch.Tensors;

@ExtendWith(LoadLibTorch.class)
class ExposedCommunicationTest {
    /** After closing, LibTorch must not call the hook, which may have been collected. */
    @Test
    void closedExposedTimeIgnoresGradients() {
        Tensor parameter = Tensors.ofFloats(new float[] {1, 2}, 2).set_requires_grad(true);
        ExposedCommunication exposed = new ExposedCommunication(parameter, new RankStatus());
        parameter.square().sum().backward();
        exposed.received();
        long before = exposed.nanos();
        assertThat(before).isPositive();

        exposed.close();
        parameter.square().sum().backward();
        exposed.received();

        assertThat(exposed.nanos()).isEqualTo(before);
    }

    /** No head depends on the parameter, so its gradient never starts the time. */
    @Test
    void parameterWithoutGradientAddsNoTime() {
        Tensor parameter = Tensors.ofFloats(new float[] {1, 2}, 2).set_requires_grad(true);
        try (ExposedCommunication exposed = new ExposedCommunication(parameter, new RankStatus())) {
            exposed.received();
            assertThat(exposed.nanos()).isZero();
        }
    }
}
