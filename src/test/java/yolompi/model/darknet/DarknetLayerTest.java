package yolompi.model.darknet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import yolompi.model.Activation;
import yolompi.model.Layer;
import yolompi.model.LayerSpec;
import yolompi.torch.LoadLibTorch;
import yolompi.torch.Tensors;

/** Compares layers with plain loops in double precision, written from Darknet's source. */
@ExtendWith(LoadLibTorch.class)
final class DarknetLayerTest {
    private static final int EDGE = 12;

    @ParameterizedTest
    @CsvSource({
        "2, 2, 1",
        "2, 1, 1",
        "3, 2, 2",
        "3, 1, 2",
        "3, 3, 2",
        "5, 1, 4",
        "9, 1, 8",
        "13, 1, 12",
        "4, 2, 3",
        "5, 3, 4",
        "2, 2, 0",
        "4, 4, 0",
        "3, 2, 1",
        "5, 2, 3",
        "4, 1, 3",
        "1, 2, 0"
    })
    void maxPoolHasDarknetsPadding(int size, int stride, int padding) {
        float[] input = random(EDGE * EDGE, 3);
        Layer pool = new Layer.MaxPool(new LayerSpec.MaxPool(1, size, stride, padding, stride));

        float[] found = run(pool, Tensors.ofFloats(input, 1, 1, EDGE, EDGE));

        int cells = (EDGE + padding - size) / stride + 1;
        assertThat(cells).isEqualTo(EDGE / stride);
        assertThat(found).hasSize(cells * cells);
        for (int row = 0; row < cells; row++) {
            for (int column = 0; column < cells; column++) {
                assertThat((double) found[row * cells + column])
                        .isEqualTo(largest(input, row * stride - padding / 2, column * stride - padding / 2, size));
            }
        }
    }

    private static double largest(float[] input, int top, int left, int size) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int row = Math.max(0, top); row < Math.min(EDGE, top + size); row++) {
            for (int column = Math.max(0, left); column < Math.min(EDGE, left + size); column++) {
                largest = Math.max(largest, input[row * EDGE + column]);
            }
        }
        return largest;
    }

    @ParameterizedTest
    @CsvSource({
        "size=3;pad=1, 1",
        "size=3;pad=1;stride=2;groups=2, 2",
        "size=3;pad=1;dilation=2, 1",
        "size=6;stride=2;padding=2, 2",
        "size=2;stride=2, 2",
        "size=5;pad=1;groups=4, 1",
        "size=3;pad=1;stride_x=3;stride_y=3, 3"
    })
    void convolutionHasDarknetsPadding(String options, int stride) {
        LayerSpec.Convolution spec = ArchitectureReader.parse(
                        "a.cfg",
                        "[net]\n[convolutional]\nfilters=4\n[convolutional]\nactivation=linear\nfilters=8\n"
                                + options.replace(';', '\n')
                                + "\n[convolutional]\nactivation=linear\n[yolo]\nanchors=1,1\n",
                        List.of(),
                        1)
                .layers()
                .get(1)
                .asConvolution()
                .orElseThrow();
        float[] input = random(4 * EDGE * EDGE, 1);
        float[] weights = random((int) spec.weights(), 2);
        Tensor kernels = Tensors.ofFloats(weights, spec.kernelShape());
        Layer layer = new Layer.Convolution(spec, kernels, new Layer.Bias(Tensors.ofFloats(new float[8], 8)));

        float[] found = run(layer, Tensors.ofFloats(input, 1, 4, EDGE, EDGE));

        int cells = EDGE / stride;
        assertThat(spec.totalStride()).isEqualTo(stride);
        assertThat(found).hasSize(8 * cells * cells);
        for (int i = 0; i < found.length; i++) {
            double sum = sum(spec, input, weights, i / (cells * cells), i / cells % cells, i % cells);
            assertThat((double) found[i]).isCloseTo(sum, within(1e-5));
        }
    }

    private static double sum(
            LayerSpec.Convolution spec, float[] input, float[] weights, int filter, int row, int column) {
        LayerSpec.Kernel kernel = spec.kernel();
        int inputs = spec.inChannels() / kernel.groups();
        int first = filter / (spec.channels() / kernel.groups()) * inputs;
        double sum = 0;
        for (int tap = 0; tap < inputs * kernel.size() * kernel.size(); tap++) {
            int y = row * kernel.stride() - kernel.padding() + tap / kernel.size() % kernel.size() * kernel.dilation();
            int x = column * kernel.stride() - kernel.padding() + tap % kernel.size() * kernel.dilation();
            if (y >= 0 && y < EDGE && x >= 0 && x < EDGE) {
                int channel = first + tap / (kernel.size() * kernel.size());
                sum += (double) weights[filter * (int) spec.inputsPerOutput() + tap]
                        * input[(channel * EDGE + y) * EDGE + x];
            }
        }
        return sum;
    }

    @Test
    void everyActivationEqualsDarknets() {
        for (Activation activation : Activation.values()) {
            float[] values = {-30, -2, -0.5f, 0, 0.5f, 2, 30};
            Tensor input = Tensors.ofFloats(values, values.length);
            try (NoGradGuard inference = new NoGradGuard()) {
                float[] found = Tensors.toFloats(activation.apply(input));
                for (int i = 0; i < values.length; i++) {
                    assertThat((double) found[i])
                            .as("%s of %s", activation, values[i])
                            .isCloseTo(activated(activation, values[i]), within(2e-6));
                }
            }
        }
    }

    /** Formulas of Darknet's activations.h and, for newer ones, activation_kernels.cu. */
    private static double activated(Activation activation, double x) {
        double logistic = 1 / (1 + Math.exp(-x));
        return switch (activation) {
            case LINEAR -> x;
            case LEAKY -> x > 0 ? x : 0.1 * x;
            case RELU -> Math.max(0, x);
            case RELU6 -> Math.min(6, Math.max(0, x));
            case LOGISTIC -> logistic;
            case TANH -> Math.tanh(x);
            case ELU -> x >= 0 ? x : Math.exp(x) - 1;
            case SELU -> x >= 0 ? 1.050701 * x : 1.050701 * 1.6732632 * (Math.exp(x) - 1);
            case SWISH -> x * logistic;
            case MISH -> x * Math.tanh(Math.log1p(Math.exp(x)));
        };
    }

    private static float[] run(Layer layer, Tensor input) {
        try (NoGradGuard inference = new NoGradGuard()) {
            return Tensors.toFloats(layer.forward(input, List.of(), false));
        }
    }

    private static float[] random(int count, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
