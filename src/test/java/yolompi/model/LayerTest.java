package yolompi.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import yolompi.torch.LoadLibTorch;
import yolompi.torch.Tensors;

/** Compares each kind of layer with numbers computed by hand. */
@ExtendWith(LoadLibTorch.class)
final class LayerTest {
    private static final Offset<Float> ROUNDING = within(1e-6f);

    @Test
    void maxPoolWithStrideTwoHalvesTheGrid() {
        Layer pool = new Layer.MaxPool(new LayerSpec.MaxPool(1, 2, 2, 1, 2));

        assertThat(run(pool, grid(1, 4, 4, 1, 2, -5, -6, 3, 0, -7, -8, 9, 9, 0, 1, 9, 8, 2, 0)))
                .containsExactly(3, -5, 9, 2);
    }

    @Test
    void maxPoolWithStrideOnePadsTheLowerRightAndIgnoresPadding() {
        Layer pool = new Layer.MaxPool(new LayerSpec.MaxPool(1, 2, 1, 1, 1));

        assertThat(run(pool, grid(1, 3, 3, -9, -8, -7, -4, -5, -6, -3, -2, -1)))
                .containsExactly(-4, -5, -6, -2, -1, -1, -2, -1, -1);
    }

    @Test
    void maxPoolOfSizeThreeWithStrideOnePadsAllSides() {
        Layer pool = new Layer.MaxPool(new LayerSpec.MaxPool(1, 3, 1, 2, 1));

        assertThat(run(pool, grid(1, 3, 3, 9, 1, 1, 1, 2, 1, 1, 1, 3))).containsExactly(9, 9, 2, 9, 9, 3, 2, 3, 3);
    }

    @Test
    void upsamplingRepeatsEachCell() {
        assertThat(run(new Layer.Upsample(2, 1), grid(1, 1, 2, 5, 7))).containsExactly(5, 5, 7, 7, 5, 5, 7, 7);
    }

    @Test
    void routeConcatenatesChannelsInItsOrder() {
        List<Tensor> earlier = List.of(grid(1, 1, 2, 1, 2), grid(2, 1, 2, 3, 4, 5, 6));
        Tensor input = grid(1, 1, 2, 0, 0);

        assertThat(floats(route(List.of(1, 0), 1, 0).forward(input, earlier, false)))
                .containsExactly(3, 4, 5, 6, 1, 2);
        assertThat(floats(route(List.of(0), 1, 0).forward(input, earlier, false)))
                .containsExactly(1, 2);
    }

    @Test
    void groupedRouteUsesOneGroupOfEachLayer() {
        List<Tensor> earlier = List.of(grid(4, 1, 1, 1, 2, 3, 4), grid(2, 1, 1, 5, 6));
        Tensor input = grid(1, 1, 1, 0);

        assertThat(floats(route(List.of(0, 1), 2, 0).forward(input, earlier, false)))
                .containsExactly(1, 2, 5);
        assertThat(floats(route(List.of(0, 1), 2, 1).forward(input, earlier, false)))
                .containsExactly(3, 4, 6);
    }

    @Test
    void shortcutAddsAnEarlierOutput() {
        List<Tensor> earlier = List.of(grid(1, 1, 2, 1, 2), grid(1, 1, 2, 30, 40));

        assertThat(floats(shortcut(List.of(0), Activation.LINEAR).forward(earlier.get(1), earlier, false)))
                .containsExactly(31, 42);
        assertThat(floats(earlier.get(1))).containsExactly(30, 40);
    }

    @Test
    void shortcutActivatesTheSumOfAllItsLayers() {
        List<Tensor> earlier = List.of(grid(1, 1, 2, 1, -2), grid(1, 1, 2, 3, -40), grid(1, 1, 2, 5, 2));

        assertThat(floats(shortcut(List.of(0, 1), Activation.LEAKY).forward(earlier.get(2), earlier, false)))
                .containsExactly(9, -4);
        assertThat(floats(earlier.get(2))).containsExactly(5, 2);
    }

    @Test
    void upsamplingAppliesItsScale() {
        assertThat(run(new Layer.Upsample(2, 0.5f), grid(1, 1, 1, 5))).containsExactly(2.5f, 2.5f, 2.5f, 2.5f);
    }

    @Test
    void convolutionAddsItsBiasAndAppliesLeakyRelu() {
        LayerSpec.Convolution spec =
                new LayerSpec.Convolution(1, 1, new LayerSpec.Kernel(3, 2, 1, 1, 1), false, Activation.LEAKY, 2);
        Tensor kernel = Tensors.ofFloats(new float[] {0, 1, 0, 2, 3, 4, 0, 5, 0}, 1, 1, 3, 3);
        Layer layer = new Layer.Convolution(spec, kernel, new Layer.Bias(Tensors.ofFloats(new float[] {-30}, 1)));

        // Windows centered at (0,0), (0,2), (2,0), (2,2) of 1…16; padding is 0.
        // (0,0): 3·1 + 4·2 + 5·5 = 36; (0,2): 2·2 + 3·3 + 4·4 + 5·7 = 64
        // (2,0): 1·5 + 3·9 + 4·10 + 5·13 = 137; (2,2): 1·7 + 2·10 + 3·11 + 4·12 + 5·15 = 183
        assertThat(run(layer, grid(1, 4, 4, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)))
                .containsExactly(6, 34, 107, 153);
        assertThat(run(layer, grid(1, 2, 2, 1, 0, 0, 0))[0]).isCloseTo(-2.7f, ROUNDING); // (3 - 30) / 10
    }

    @Test
    void batchNormUsesBatchStatisticsOnlyInTraining() {
        Tensor mean = Tensors.ofFloats(new float[] {10}, 1);
        Tensor variance = Tensors.ofFloats(new float[] {4}, 1);
        Layer.BatchNorm norm = new Layer.BatchNorm(
                Tensors.ofFloats(new float[] {2}, 1), Tensors.ofFloats(new float[] {1}, 1), mean, variance);
        Tensor batch = Tensors.ofFloats(new float[] {1, 2, 3, 6}, 2, 1, 1, 2); // mean 3, variance 3.5

        float[] running = floats(norm.apply(batch, false));
        assertClose(running, value -> 2 * (value - 10) / Math.sqrt(4 + 1e-5) + 1);
        assertThat(floats(mean)).containsExactly(10);

        float[] trained = floats(norm.apply(batch, true));
        assertClose(trained, value -> 2 * (value - 3) / Math.sqrt(3.5 + 1e-5) + 1);
        assertThat(floats(mean)[0]).isCloseTo(0.97f * 10 + 0.03f * 3, ROUNDING);
        assertThat(floats(variance)[0]).isCloseTo(0.97f * 4 + 0.03f * 14 / 3, ROUNDING); // unbiased: 14 / (4 - 1)
    }

    private static Layer route(List<Integer> from, int groups, int group) {
        return new Layer.Route(new LayerSpec.Route(from, groups, group, 3, 1));
    }

    private static Layer shortcut(List<Integer> from, Activation activation) {
        return new Layer.Shortcut(new LayerSpec.Shortcut(from, activation, 1, 1));
    }

    private static void assertClose(float[] found, DoubleUnaryOperator expected) {
        double[] inputs = {1, 2, 3, 6};
        for (int i = 0; i < inputs.length; i++) {
            assertThat((double) found[i]).isCloseTo(expected.applyAsDouble(inputs[i]), within(1e-5));
        }
    }

    private static float[] run(Layer layer, Tensor input) {
        try (NoGradGuard inference = new NoGradGuard()) {
            return floats(layer.forward(input, List.of(), false));
        }
    }

    /** One image. */
    private static Tensor grid(int channels, int height, int width, float... values) {
        return Tensors.ofFloats(values, 1, channels, height, width);
    }

    private static float[] floats(Tensor tensor) {
        return Tensors.toFloats(tensor);
    }
}
