package yolompi.model;

import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import yolompi.torch.Tensors;

/** The computation of one layer. */
public sealed interface Layer {
    /**
     * Computes the output of the layer, {@code [N,C,H,W]}.
     *
     * @param input output of the previous layer
     * @param outputs outputs of all earlier layers, by layer number
     * @param training whether batch norms use the statistics of this batch and update the running
     *     statistics
     */
    Tensor forward(Tensor input, List<Tensor> outputs, boolean training);

    /** Convolution, then a bias or batch norm, then the activation. */
    record Convolution(LayerSpec.Convolution spec, Tensor weight, Normalization normalization) implements Layer {
        @Override
        public Tensor forward(Tensor input, List<Tensor> outputs, boolean training) {
            LayerSpec.Kernel kernel = spec.kernel();
            long[] step = {kernel.stride(), kernel.stride()};
            long[] padding = {kernel.padding(), kernel.padding()};
            long[] dilation = {kernel.dilation(), kernel.dilation()};
            TensorOptional bias = normalization.convolutionBias();
            Tensor sums = OneDnnWorkaround.isNeeded(spec, input)
                    ? OneDnnWorkaround.apply(spec, input, weight, bias)
                    : torch.conv2d(input, weight, bias, step, padding, dilation, kernel.groups()); // [N,C,H/s,W/s]
            return spec.activation().apply(normalization.apply(sums, training)); // [N,C,H/s,W/s]
        }
    }

    /** What follows the kernels of a convolution: a bias or batch norm. */
    sealed interface Normalization {
        TensorOptional convolutionBias();

        /** Normalizes the sums of a convolution, {@code [N,C,H,W]}. */
        Tensor apply(Tensor sums, boolean training);
    }

    /** One bias per channel, {@code [C]}. */
    record Bias(Tensor bias) implements Normalization {
        @Override
        public TensorOptional convolutionBias() {
            return new TensorOptional(bias);
        }

        @Override
        public Tensor apply(Tensor sums, boolean training) {
            return sums;
        }
    }

    /** Batch normalization; all tensors are {@code [C]}. */
    record BatchNorm(Tensor weight, Tensor bias, Tensor mean, Tensor variance) implements Normalization {
        /** Weight of the current batch in the running statistics. */
        static final double MOMENTUM = 0.03;

        @Override
        public TensorOptional convolutionBias() {
            return new TensorOptional();
        }

        @Override
        public Tensor apply(Tensor sums, boolean training) {
            return torch.batch_norm(
                    sums,
                    new TensorOptional(weight),
                    new TensorOptional(bias),
                    new TensorOptional(mean),
                    new TensorOptional(variance),
                    training,
                    MOMENTUM,
                    LayerSpec.Convolution.NORM_EPSILON,
                    true);
        }
    }

    /**
     * Synchronized batch normalization over the images of several processes. It combines the means
     * and variances of their parts, weighted by the counts (Chan, Golub and LeVeque, 1979). The
     * result is that of one process with the whole batch.
     *
     * @param local the tensors of the layer, and its computation outside training
     */
    record SyncedBatchNorm(BatchNorm local, SharedStatistics shared) implements Normalization {
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
            Tensor values = sums.to(ScalarType.Float); // [N,C,H,W]
            long channels = values.size(1);
            Tensor parts = shared.gather(summary(values)); // [P,2C+1]
            Tensor means = parts.narrow(1, 0, channels); // [P,C]
            Tensor variances = parts.narrow(1, channels, channels); // [P,C]
            Tensor counts = parts.narrow(1, 2 * channels, 1).detach(); // [P,1]
            Tensor total = counts.sum();
            Tensor shares = counts.div(total); // [P,1]
            Tensor mean = means.mul(shares).sum(0); // [C]
            Tensor variance =
                    variances.add(means.sub(mean).square()).mul(shares).sum(0); // [C]
            remember(mean, variance, total);
            Tensor factor = local.weight()
                    .mul(variance.add(new Scalar(LayerSpec.Convolution.NORM_EPSILON))
                            .rsqrt()); // [C]
            return values.sub(perChannel(mean))
                    .mul(perChannel(factor))
                    .add(perChannel(local.bias()))
                    .to(sums.scalar_type().intern()); // [N,C,H,W]
        }

        /**
         * Mean and variance of each channel, and the number of values per channel, {@code [2C+1]}.
         */
        private static Tensor summary(Tensor values) {
            T_TensorTensor_T both = torch.var_mean(values, ALL_BUT_CHANNELS, false, false); // [C] each
            Tensor count = values.new_empty(1).fill_(new Scalar((double) values.numel() / values.size(1))); // [1]
            return torch.cat(new TensorVector(both.get1(), both.get0(), count), 0);
        }

        /** Updates the running statistics. The running variance is the unbiased estimate. */
        private void remember(Tensor mean, Tensor variance, Tensor total) {
            try (NoGradGuard constant = new NoGradGuard()) {
                Tensor unbiased =
                        variance.mul(total.div(total.sub(new Scalar(1)).clamp_min(new Scalar(1))));
                local.mean().lerp_(mean, new Scalar(BatchNorm.MOMENTUM));
                local.variance().lerp_(unbiased, new Scalar(BatchNorm.MOMENTUM));
            }
        }

        private static Tensor perChannel(Tensor values) {
            return values.view(1, values.numel(), 1, 1);
        }
    }

    /** Exchange of batch statistics between processes that normalize one batch together. */
    @FunctionalInterface
    interface SharedStatistics {
        /**
         * Gathers the rows of all processes. The forward and the backward pass are collective.
         *
         * @param row float {@code [n]} of this process
         * @return float {@code [processes, n]}; the gradients that all processes have for this
         *     process's row flow back into it
         */
        Tensor gather(Tensor row);
    }

    /** Max pooling; padding never becomes the maximum. */
    record MaxPool(LayerSpec.MaxPool spec) implements Layer {
        private static final long[] DILATION = {1, 1};

        @Override
        public Tensor forward(Tensor input, List<Tensor> outputs, boolean training) {
            int before = spec.padBefore();
            int behind = spec.padAfter();
            boolean even = before == behind;
            long[] window = {spec.size(), spec.size()};
            long[] step = {spec.poolStride(), spec.poolStride()};
            long[] padding = even ? new long[] {before, before} : new long[] {0, 0};
            Tensor padded = even ? input : padded(input, before, behind);
            return torch.max_pool2d(padded, window, step, padding, DILATION, false); // [N,C,H/s,W/s]
        }

        private static Tensor padded(Tensor input, int before, int behind) {
            return torch.constant_pad_nd(
                    input, new long[] {before, behind, before, behind}, new Scalar(Double.NEGATIVE_INFINITY));
        }
    }

    record Upsample(int factor, float scale) implements Layer {
        @Override
        public Tensor forward(Tensor input, List<Tensor> outputs, boolean training) {
            long[] size = {input.size(2) * factor, input.size(3) * factor};
            Tensor repeated = torch.upsample_nearest2d(input, size); // [N,C,H*factor,W*factor]
            return scale == 1 ? repeated : repeated.mul(new Scalar(scale));
        }
    }

    record Route(LayerSpec.Route spec) implements Layer {
        @Override
        public Tensor forward(Tensor input, List<Tensor> outputs, boolean training) {
            List<Tensor> parts = spec.from().stream()
                    .map(number -> part(outputs.get(number)))
                    .toList();
            return parts.size() == 1 ? parts.get(0) : torch.cat(Tensors.vector(parts), 1); // [N,sum C,H,W]
        }

        private Tensor part(Tensor output) {
            long channels = output.size(1) / spec.groups();
            return spec.groups() == 1
                    ? output
                    : output.narrow(1, spec.group() * channels, channels); // [N,C/groups,H,W]
        }
    }

    record Shortcut(LayerSpec.Shortcut spec) implements Layer {
        @Override
        public Tensor forward(Tensor input, List<Tensor> outputs, boolean training) {
            Tensor sum = input; // [N,C,H,W]
            for (int number : spec.from()) {
                sum = sum.add(outputs.get(number));
            }
            return spec.activation().apply(sum);
        }
    }

    /** Passes the raw values of a head through unchanged. */
    record Yolo() implements Layer {
        @Override
        public Tensor forward(Tensor input, List<Tensor> outputs, boolean training) {
            return input;
        }
    }
}
