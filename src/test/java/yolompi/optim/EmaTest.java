package yolompi.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import yolompi.data.PackedShapes;
import yolompi.model.Network;
import yolompi.model.darknet.ArchitectureReader;
import yolompi.torch.LoadLibTorch;
import yolompi.torch.Tensors;

@ExtendWith(LoadLibTorch.class)
final class EmaTest {
    /** The decay rises as (1 + updates) / (10 + updates) until it reaches the configured value. */
    @ParameterizedTest
    @CsvSource({"0, 0.1", "8, 0.5", "90, 0.9", "1000000, 0.9"})
    void averageMovesByTheDecayOfItsUpdate(long updates, double kept) {
        Network source = network(2);
        Network average = network(3);
        Ema ema = new Ema(source, average, 0.9);
        fill(source, 8);
        fill(average, 4);

        ema.resumeFrom(updates);
        ema.update();

        assertThat(ema.updates()).isEqualTo(updates + 1);

        assertThat(ema.network()).isSameAs(average);
        for (Tensor tensor : tensors(average)) {
            for (float value : Tensors.toFloats(tensor)) {
                assertThat((double) value).isCloseTo(kept * 4 + (1 - kept) * 8, within(1e-5));
            }
        }
        for (Tensor tensor : tensors(source)) {
            assertThat(Tensors.toFloats(tensor)).containsOnly(8);
        }
    }

    private static Network network(long seed) {
        return new Network(ArchitectureReader.read(PackedShapes.SMALL, List.of(), 1), seed);
    }

    private static void fill(Network network, double value) {
        try (NoGradGuard constant = new NoGradGuard()) {
            tensors(network).forEach(tensor -> tensor.fill_(new Scalar(value)));
        }
    }

    private static List<Tensor> tensors(Network network) {
        return Stream.concat(network.parameters().stream(), network.buffers().stream())
                .map(parameter -> parameter.tensor())
                .toList();
    }
}
