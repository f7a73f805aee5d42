package yolompi.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.model.darknet.ArchitectureReader;
import yolompi.torch.DeviceContext;
import yolompi.torch.LoadLibTorch;
import yolompi.torch.Tensors;

@ExtendWith(LoadLibTorch.class)
final class NetworkTest {
    private static final int CLASSES = 3;

    @ParameterizedTest
    @ValueSource(ints = {64, 96})
    void headsOfYolov3TinyHaveStrides32And16(int size) {
        Network network = tiny(1);
        try (NoGradGuard inference = new NoGradGuard()) {
            List<Tensor> heads = network.forward(
                    Network.toInput(new byte[2 * size * size * 3], 2, size, DeviceContext.PLAIN), false);

            assertThat(heads).hasSize(2);
            assertThat(shape(heads.get(0))).containsExactly(2, 3 * (5 + CLASSES), size / 32, size / 32);
            assertThat(shape(heads.get(1))).containsExactly(2, 3 * (5 + CLASSES), size / 16, size / 16);
        }
    }

    @Test
    void weightsDependOnlyOnTheSeed() {
        Network first = tiny(7);
        torch.randn(5); // advances LibTorch's own generator
        Network again = tiny(7);
        Network other = tiny(8);

        for (int i = 0; i < first.parameters().size(); i++) {
            Tensor weights = first.parameters().get(i).tensor();
            assertThat(again.parameters().get(i).tensor().equal(weights)).isTrue();
            if (first.parameters().get(i).decays()) {
                assertThat(other.parameters().get(i).tensor().equal(weights)).isFalse();
            }
        }
    }

    @Test
    void everyWeightIsAParameterWithAUniqueName() {
        Network network = tiny(1);

        assertThat(network.parameters()).extracting(Parameter::name).doesNotHaveDuplicates();
        assertThat(network.parameters().stream()
                        .mapToLong(parameter -> parameter.tensor().numel())
                        .sum())
                .isEqualTo(network.architecture().parameters());
        assertThat(network.parameters()).allSatisfy(parameter -> assertThat(parameter.decays())
                .isEqualTo(parameter.name().endsWith(".conv.weight")));
        assertThat(network.parameters()).allSatisfy(parameter -> assertThat(parameter.role() == Parameter.Role.BIAS)
                .isEqualTo(parameter.name().endsWith(".bias")));
    }

    @Test
    void initialWeightsFollowHeAndPredictLowObjectness() {
        Network network = tiny(3);
        Parameter wide = parameter(network, "layers.10.conv.weight"); // 512 kernels over 256 × 3 × 3
        Parameter headBias = parameter(network, "layers.15.conv.bias");

        double squares = 0;
        for (float weight : Tensors.toFloats(wide.tensor())) {
            squares += weight * weight;
        }
        double deviation = Math.sqrt(squares / wide.tensor().numel());
        assertThat(deviation).isCloseTo(Math.sqrt(2.0 / (256 * 9)), within(0.0002));
        float[] bias = Tensors.toFloats(headBias.tensor());
        for (int i = 0; i < bias.length; i++) {
            float logit = i % (5 + CLASSES) == 4 ? (float) Math.log(0.01 / 0.99) : 0;
            assertThat(bias[i]).isCloseTo(logit, within(1e-6f));
        }
    }

    @Test
    void runningStatisticsAreViewsOfOneFlatTensor() {
        Network network = tiny(1);
        List<Parameter> buffers = network.buffers();

        assertThat(buffers.stream().mapToLong(buffer -> buffer.tensor().numel()).sum())
                .isEqualTo(network.runningStats().numel());
        network.runningStats().fill_(new Scalar(2.5));
        assertThat(buffers).allSatisfy(buffer -> assertThat(Tensors.toFloats(buffer.tensor()))
                .containsOnly(2.5f));
        buffers.get(1).tensor().fill_(new Scalar(-1));
        int channels = (int) buffers.get(0).tensor().numel();
        float[] flat = Tensors.toFloats(network.runningStats());
        assertThat(Arrays.copyOfRange(flat, 0, channels)).containsOnly(2.5f);
        assertThat(Arrays.copyOfRange(flat, channels, 2 * channels)).containsOnly(-1f);
        assertThat(flat[2 * channels]).isEqualTo(2.5f);
    }

    @Test
    void onlyTrainingUpdatesTheRunningStatistics() {
        Network network = tiny(1);
        byte[] pixels = new byte[2 * 64 * 64 * 3];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i * 31);
        }
        Tensor before = network.runningStats().clone();

        try (NoGradGuard constant = new NoGradGuard()) {
            network.forward(Network.toInput(pixels, 2, 64, DeviceContext.PLAIN), false);
            assertThat(network.runningStats().equal(before)).isTrue();
            network.forward(Network.toInput(pixels, 2, 64, DeviceContext.PLAIN), true);
            assertThat(network.runningStats().equal(before)).isFalse();
        }
    }

    @Test
    void memoryLayoutDoesNotChangeTheOutput() {
        DeviceContext plain = DeviceContext.PLAIN.in(MemoryFormat.Contiguous);
        Network rowWise =
                new Network(ArchitectureReader.read("yolov3-tiny", List.of(), CLASSES), 1, plain, Optional.empty());
        DeviceContext byPixel = DeviceContext.PLAIN.in(MemoryFormat.ChannelsLast);
        Network channelsLast =
                new Network(ArchitectureReader.read("yolov3-tiny", List.of(), CLASSES), 1, byPixel, Optional.empty());
        byte[] pixels = new byte[2 * 64 * 64 * 3];
        new Random(1).nextBytes(pixels);

        try (NoGradGuard constant = new NoGradGuard()) {
            Tensor kernels = rowWise.parameters().get(0).tensor();
            assertThat(kernels.is_contiguous()).isTrue();
            assertThat(channelsLast.parameters().get(0).tensor().is_contiguous())
                    .isFalse();
            assertThat(kernels.equal(channelsLast.parameters().get(0).tensor())).isTrue();
            List<Tensor> heads = rowWise.forward(Network.toInput(pixels, 2, 64, plain), true);
            List<Tensor> expected = channelsLast.forward(Network.toInput(pixels, 2, 64, byPixel), true);
            for (int i = 0; i < heads.size(); i++) {
                assertThat(heads.get(i).is_contiguous()).isTrue();
                assertThat(Tensors.toFloats(heads.get(i)))
                        .containsExactly(Tensors.toFloats(expected.get(i)), Offset.offset(1e-4f));
            }
        }
    }

    @Test
    void pixelsBecomeChannelsFromZeroToOne() {
        byte[] pixels = {(byte) 255, 0, 51, 0, 102, 0, 0, 0, (byte) 204, (byte) 255, (byte) 255, (byte) 255};

        Tensor input = Network.toInput(pixels, 1, 2, DeviceContext.PLAIN);

        assertThat(shape(input)).containsExactly(1, 3, 2, 2);
        assertThat(Tensors.toFloats(input)).containsExactly(1, 0, 0, 1, 0, 0.4f, 0, 1, 0.2f, 0, 0.8f, 1);
    }

    private static Network tiny(long seed) {
        return new Network(ArchitectureReader.read("yolov3-tiny", List.of(), CLASSES), seed);
    }

    private static Parameter parameter(Network network, String name) {
        return network.parameters().stream()
                .filter(parameter -> parameter.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static long[] shape(Tensor tensor) {
        long[] shape = new long[(int) tensor.dim()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = tensor.size(i);
        }
        return shape;
    }
}
