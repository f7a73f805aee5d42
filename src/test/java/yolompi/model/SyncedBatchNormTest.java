package yolompi.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import yolompi.torch.LoadLibTorch;
import yolompi.torch.Tensors;

/** Compares with LibTorch's batch norm in one process that holds the whole batch. */
@ExtendWith(LoadLibTorch.class)
class SyncedBatchNormTest {
    private static final int CHANNELS = 4;

    /**
     * Values far from zero, where computing the variance as a difference of squares would lose
     * precision.
     */
    private static Tensor input() {
        torch.manual_seed(3);
        Tensor values = torch.randn(new long[] {3, CHANNELS, 5, 5}, new TensorOptions())
                .mul(new Scalar(2))
                .add(new Scalar(100))
                .detach();
        values.set_requires_grad(true);
        return values;
    }

    private static Layer.BatchNorm norm() {
        Tensor scale = Tensors.ofFloats(new float[] {1, 0.5f, -2, 3}, CHANNELS);
        scale.set_requires_grad(true);
        Tensor shift = Tensors.ofFloats(new float[] {0, 1, 2, -1}, CHANNELS);
        shift.set_requires_grad(true);
        return new Layer.BatchNorm(scale, shift, torch.zeros(CHANNELS), torch.ones(CHANNELS));
    }

    @Test
    void oneProcessGivesTheResultOfPlainBatchNorm() {
        Layer.BatchNorm plain = norm();
        Layer.BatchNorm synced = norm();
        Tensor plainInput = input();
        Tensor syncedInput = input();
        Tensor weights = torch.arange(new Scalar(3 * CHANNELS * 25))
                .view(3, CHANNELS, 5, 5)
                .sin();

        Tensor expected = plain.apply(plainInput, true);
        Tensor found = new Layer.SyncedBatchNorm(synced, row -> row.unsqueeze(0)).apply(syncedInput, true);
        expected.mul(weights).sum().backward();
        found.mul(weights).sum().backward();

        assertClose(found, expected, 1e-4);
        assertClose(syncedInput.grad(), plainInput.grad(), 1e-4);
        assertClose(synced.weight().grad(), plain.weight().grad(), 1e-3);
        assertClose(synced.bias().grad(), plain.bias().grad(), 1e-4);
        assertClose(synced.mean(), plain.mean(), 1e-5);
        assertClose(synced.variance(), plain.variance(), 1e-5);
    }

    @Test
    void inferenceUsesRunningStatisticsWithoutCommunication() {
        Layer.BatchNorm norm = norm();
        Layer.SyncedBatchNorm synced = new Layer.SyncedBatchNorm(norm, row -> {
            throw new AssertionError("communicated with other processes");
        });

        assertClose(synced.apply(input(), false), norm.apply(input(), false), 0);
    }

    private static void assertClose(Tensor found, Tensor expected, double tolerance) {
        float[] values = Tensors.toFloats(found);
        float[] expectedValues = Tensors.toFloats(expected);
        assertThat(values).hasSameSizeAs(expectedValues).isNotEmpty();
        for (int i = 0; i < values.length; i++) {
            assertThat((double) values[i]).as("value %d", i).isCloseTo(expectedValues[i], within(tolerance));
        }
    }
}
