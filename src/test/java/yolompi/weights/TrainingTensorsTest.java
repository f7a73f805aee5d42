package yolompi.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import yolompi.InputException;
import yolompi.checkpoint.Checkpoint;
import yolompi.model.Network;
import yolompi.model.darknet.ArchitectureReader;
import yolompi.optim.Ema;
import yolompi.optim.LossScale;
import yolompi.torch.DeviceContext;
import yolompi.torch.LoadLibTorch;
import yolompi.torch.Precision;

@ExtendWith(LoadLibTorch.class)
class TrainingTensorsTest {
    private static Network network;
    private static Checkpoint ofFp32;

    @BeforeAll
    static void saveFp32Run() {
        network = new Network(ArchitectureReader.read("yolov3-tiny", List.of(), 3), 1);
        ofFp32 = new Checkpoint(Map.of(), new TrainingTensors(network, Optional.empty(), List.of()).views());
    }

    @Test
    void runResumedInFp16StartsWithTheInitialLossScale() {
        LossScale scale = LossScale.of(DeviceContext.cpu(Precision.FP16));
        new TrainingTensors(network, Optional.empty(), scale.state()).restore("run", ofFp32);
        assertThat(scale.factor()).isEqualTo(65_536);
    }

    @Test
    void checkpointWithoutAverageIsRefused() {
        Ema ema = new Ema(network, network, 0.9);
        TrainingTensors wanted = new TrainingTensors(network, Optional.of(ema), List.of());
        assertThatThrownBy(() -> wanted.restore("run", ofFp32))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("run: has no moving average of the weights")
                .hasMessageContaining("train.ema_decay = 0");
    }
}
