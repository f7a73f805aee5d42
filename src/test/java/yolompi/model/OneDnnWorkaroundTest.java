package yolompi.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import yolompi.torch.DeviceContext;
import yolompi.torch.DeviceContext.Autocast;
import yolompi.torch.LoadLibTorch;
import yolompi.torch.Precision;

/** Compares with convolution in float64, which oneDNN does not compute. */
@ExtendWith(LoadLibTorch.class)
class OneDnnWorkaroundTest {
    private static final int IMAGES = 3;
    private static final int SIZE = 10;

    @BeforeAll
    static void loadLibTorch() {
        torch.manual_seed(1);
    }

    private static LayerSpec.Convolution convolution(int inputs, int outputs, LayerSpec.Kernel kernel) {
        return new LayerSpec.Convolution(inputs, outputs, kernel, false, Activation.LINEAR, kernel.stride());
    }

    @ParameterizedTest(name = "{0} to {1} channels, {2}×{2}, stride {3}, dilation {4}, groups {5}")
    @CsvSource({
        "3, 4, 3, 1, 1, 1",
        "4, 8, 3, 2, 1, 1",
        "24, 16, 3, 1, 1, 1",
        "32, 255, 1, 1, 1, 1",
        "8, 12, 3, 1, 1, 4",
        "3, 4, 3, 1, 2, 1",
        "8, 4, 3, 2, 3, 2"
    })
    void valuesAndGradientsEqualFloat64(int inputs, int outputs, int size, int stride, int dilation, int groups) {
        LayerSpec.Kernel kernel = new LayerSpec.Kernel(size, stride, size / 2, dilation, groups);
        LayerSpec.Convolution spec = convolution(inputs, outputs, kernel);
        Tensor images = torch.rand(IMAGES, inputs, SIZE, SIZE);
        Tensor weights = torch.randn(spec.kernelShape());
        Tensor biases = torch.randn(outputs);

        Tensor[] slow = leaves(images, weights, biases, ScalarType.Float);
        Tensor found;
        try (Autocast cast = DeviceContext.cpu(Precision.BF16).autocast()) {
            found = OneDnnWorkaround.apply(spec, slow[0], slow[1], new TensorOptional(slow[2]));
            assertThat(torch.is_autocast_enabled(DeviceType.CPU)).isTrue();
        }
        Tensor[] exact = leaves(images, weights, biases, ScalarType.Double);
        long[] strides = {stride, stride};
        long[] padding = {size / 2, size / 2};
        Tensor expected = torch.conv2d(
                exact[0],
                exact[1],
                new TensorOptional(exact[2]),
                strides,
                padding,
                new long[] {dilation, dilation},
                groups);
        assertClose(found, expected);

        Tensor gradient = torch.randn_like(found.detach());
        backward(found, gradient);
        backward(expected, gradient.to(ScalarType.Double));
        for (int i = 0; i < slow.length; i++) {
            assertClose(slow[i].grad(), exact[i].grad());
        }
    }

    private static Tensor[] leaves(Tensor images, Tensor weights, Tensor biases, ScalarType type) {
        Tensor[] leaves = {
            images.to(type).clone(), weights.to(type).clone(), biases.to(type).clone()
        };
        for (Tensor leaf : leaves) {
            leaf.requires_grad_(true);
        }
        return leaves;
    }

    private static void backward(Tensor output, Tensor gradient) {
        output.backward(gradient, new BoolOptional(false), false, new TensorArrayRefOptional());
    }

    private static void assertClose(Tensor found, Tensor expected) {
        double largest = expected.detach().abs().max().item_double();
        double error = found.detach()
                .to(ScalarType.Double)
                .sub(expected.detach())
                .abs()
                .max()
                .item_double();
        assertThat(largest).isPositive();
        assertThat(error / largest).isCloseTo(0, within(1e-5));
    }

    @Test
    void oneDnnIsUsedForFullChannelBlocksAndFloat32Images() {
        LayerSpec.Kernel kernel = new LayerSpec.Kernel(3, 1, 1, 1, 1);
        assertThat(OneDnnWorkaround.fillsBlocks(convolution(16, 32, kernel), true))
                .isTrue();
        assertThat(OneDnnWorkaround.fillsBlocks(convolution(3, 16, kernel), false))
                .isTrue();
        assertThat(OneDnnWorkaround.fillsBlocks(convolution(3, 16, kernel), true))
                .isFalse();
        assertThat(OneDnnWorkaround.fillsBlocks(convolution(3, 4, kernel), false))
                .isFalse();
        assertThat(OneDnnWorkaround.fillsBlocks(convolution(24, 16, kernel), false))
                .isFalse();
        assertThat(OneDnnWorkaround.fillsBlocks(convolution(1024, 255, kernel), false))
                .isFalse();
        LayerSpec.Kernel grouped = new LayerSpec.Kernel(3, 1, 1, 1, 4);
        assertThat(OneDnnWorkaround.fillsBlocks(convolution(32, 32, grouped), false))
                .isFalse();
    }
}
