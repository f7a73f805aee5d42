package yolompi.model;

import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Synchronized batch normalization over the images of several processes. It combines the means and
 * variances of their parts, weighted by the counts (Chan, Golub and LeVeque, 1979). The result is
 * that of one process with the whole batch.
 *
 * @param local the tensors of the layer, and its computation outside training
 */
record SyncedBatchNorm(Layer.BatchNorm local, SharedStatistics shared) implements Layer.Normalization {
    private static final long[] ALL_BUT_CHANNELS = {0, 2, 3};

    @Override
    public TensorOptional convolutionBias() {
        return new TensorOptional();
    }

    @Override
    public Tensor apply(Tensor sums, boolean training) {
        if (!training) {
            return local.apply(sums, false);
        }
        Tensor values = sums.to(ScalarType.Float);
        long channels = values.size(1);
        Tensor parts = shared.gather(summary(values)); // (P, 2C+1)
        Tensor means = parts.narrow(1, 0, channels); // (P, C)
        Tensor variances = parts.narrow(1, channels, channels);
        Tensor counts = parts.narrow(1, 2 * channels, 1).detach(); // (P, 1)
        Tensor total = counts.sum();
        Tensor shares = counts.div(total);
        Tensor mean = means.mul(shares).sum(0); // (C)
        Tensor variance = variances.add(means.sub(mean).square()).mul(shares).sum(0);
        remember(mean, variance, total);
        Tensor factor = local.scale()
                .mul(variance.add(new Scalar(LayerSpec.Convolution.NORM_EPSILON))
                        .rsqrt());
        return values.sub(perChannel(mean))
                .mul(perChannel(factor))
                .add(perChannel(local.shift()))
                .to(sums.scalar_type().intern());
    }

    /** Mean and variance of each channel, and the number of values per channel, {@code [2C+1]}. */
    private static Tensor summary(Tensor values) {
        T_TensorTensor_T both = torch.var_mean(values, ALL_BUT_CHANNELS, false, false);
        Tensor count = values.new_empty(1).fill_(new Scalar((double) values.numel() / values.size(1)));
        return torch.cat(new TensorVector(both.get1(), both.get0(), count), 0);
    }

    /** Updates the running statistics. The running variance is the unbiased estimate. */
    private void remember(Tensor mean, Tensor variance, Tensor total) {
        try (NoGradGuard constant = new NoGradGuard()) {
            Tensor unbiased = variance.mul(total.div(total.sub(new Scalar(1)).clamp_min(new Scalar(1))));
            local.mean().lerp_(mean, new Scalar(Layer.BatchNorm.MOMENTUM));
            local.variance().lerp_(unbiased, new Scalar(Layer.BatchNorm.MOMENTUM));
        }
    }

    private static Tensor perChannel(Tensor values) {
        return values.view(1, values.numel(), 1, 1);
    }
}
