package yolompi.model;

import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import yolompi.torch.Tensors;

/** How one layer computes. */
sealed interface Layer {
    /**
     * The layer's output, {@code [N,C,H,W]}.
     *
     * @param input what the layer before gave
     * @param outputs what every earlier layer gave, by its number
     * @param training whether batch norms use the statistics of this batch, and update the running ones
     */
    Tensor forward(Tensor input, List<Tensor> outputs, boolean training);

    /** Convolution, then a bias or batch norm, then the activation. */
    record Convolution(LayerSpec.Convolution spec, Tensor weight, Normalization normalization) implements Layer {
        private static final long[] DILATION = {1, 1};
        private static final double LEAKY_SLOPE = 0.1;

        @Override
        public Tensor forward(Tensor input, List<Tensor> outputs, boolean training) {
            long[] step = {spec.step(), spec.step()};
            long[] padding = {spec.padding(), spec.padding()};
            Tensor sums = torch.conv2d(input, weight, normalization.convolutionBias(), step, padding, DILATION, 1);
            Tensor normalized = normalization.apply(sums, training);
            return spec.leaky() ? torch.leaky_relu_(normalized, new Scalar(LEAKY_SLOPE)) : normalized;
        }
    }

    /** What follows the kernels of a convolution. */
    sealed interface Normalization permits Bias, BatchNorm, SyncedBatchNorm {
        TensorOptional convolutionBias();

        Tensor apply(Tensor sums, boolean training);
    }

    /** A bias a channel, {@code [C]}. */
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

    /** Batch normalisation; all tensors are {@code [C]}. */
    record BatchNorm(Tensor scale, Tensor shift, Tensor mean, Tensor variance) implements Normalization {
        /** Weight of the newest batch in the running statistics. */
        static final double MOMENTUM = 0.03;

        static final double EPSILON = 1e-5;

        @Override
        public TensorOptional convolutionBias() {
            return new TensorOptional();
        }

        @Override
        public Tensor apply(Tensor sums, boolean training) {
            return torch.batch_norm(
                    sums,
                    new TensorOptional(scale),
                    new TensorOptional(shift),
                    new TensorOptional(mean),
                    new TensorOptional(variance),
                    training,
                    MOMENTUM,
                    EPSILON,
                    true);
        }
    }

    record MaxPool(LayerSpec.MaxPool spec) implements Layer {
        private static final long[] NO_PADDING = {0, 0};
        private static final long[] DILATION = {1, 1};

        @Override
        public Tensor forward(Tensor input, List<Tensor> outputs, boolean training) {
            long[] window = {spec.size(), spec.size()};
            long[] step = {spec.step(), spec.step()};
            return torch.max_pool2d(
                    spec.step() == 1 ? padded(input) : input, window, step, NO_PADDING, DILATION, false);
        }

        /** Windows that move by one cell keep the grid's size: as in Darknet, the larger half of the padding is behind. */
        private Tensor padded(Tensor input) {
            int before = (spec.size() - 1) / 2;
            int behind = spec.size() - 1 - before;
            return torch.constant_pad_nd(
                    input, new long[] {before, behind, before, behind}, new Scalar(Double.NEGATIVE_INFINITY));
        }
    }

    record Upsample(int factor) implements Layer {
        @Override
        public Tensor forward(Tensor input, List<Tensor> outputs, boolean training) {
            return torch.upsample_nearest2d(input, new long[] {input.size(2) * factor, input.size(3) * factor});
        }
    }

    record Route(List<Integer> from) implements Layer {
        @Override
        public Tensor forward(Tensor input, List<Tensor> outputs, boolean training) {
            List<Tensor> parts = from.stream().map(outputs::get).toList();
            return parts.size() == 1 ? parts.get(0) : torch.cat(Tensors.vector(parts), 1);
        }
    }

    record Shortcut(int from) implements Layer {
        @Override
        public Tensor forward(Tensor input, List<Tensor> outputs, boolean training) {
            return input.add(outputs.get(from));
        }
    }

    /** A head's raw values pass as they are. */
    record Yolo() implements Layer {
        @Override
        public Tensor forward(Tensor input, List<Tensor> outputs, boolean training) {
            return input;
        }
    }
}
