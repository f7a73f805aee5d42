package yolompi.model;

import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
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
            long[] step = {kernel.step(), kernel.step()};
            long[] padding = {kernel.padding(), kernel.padding()};
            long[] dilation = {kernel.dilation(), kernel.dilation()};
            TensorOptional bias = normalization.convolutionBias();
            Tensor sums = SlowConvolution.isNeeded(spec, input)
                    ? SlowConvolution.apply(spec, input, weight, bias)
                    : torch.conv2d(input, weight, bias, step, padding, dilation, kernel.groups());
            return spec.activation().apply(normalization.apply(sums, training));
        }
    }

    /** What follows the kernels of a convolution: a bias or batch norm. */
    sealed interface Normalization permits Bias, BatchNorm, SyncedBatchNorm {
        TensorOptional convolutionBias();

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
    record BatchNorm(Tensor scale, Tensor shift, Tensor mean, Tensor variance) implements Normalization {
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
                    new TensorOptional(scale),
                    new TensorOptional(shift),
                    new TensorOptional(mean),
                    new TensorOptional(variance),
                    training,
                    MOMENTUM,
                    LayerSpec.Convolution.NORM_EPSILON,
                    true);
        }
    }

    /** Max pooling; padding never becomes the maximum. */
    record MaxPool(LayerSpec.MaxPool spec) implements Layer {
        private static final long[] DILATION = {1, 1};

        @Override
        public Tensor forward(Tensor input, List<Tensor> outputs, boolean training) {
            int before = spec.before();
            int behind = spec.behind();
            boolean even = before == behind;
            long[] window = {spec.size(), spec.size()};
            long[] step = {spec.step(), spec.step()};
            long[] padding = even ? new long[] {before, before} : new long[] {0, 0};
            return torch.max_pool2d(
                    even ? input : padded(input, before, behind), window, step, padding, DILATION, false);
        }

        private static Tensor padded(Tensor input, int before, int behind) {
            return torch.constant_pad_nd(
                    input, new long[] {before, behind, before, behind}, new Scalar(Double.NEGATIVE_INFINITY));
        }
    }

    record Upsample(int factor, float scale) implements Layer {
        @Override
        public Tensor forward(Tensor input, List<Tensor> outputs, boolean training) {
            Tensor repeated =
                    torch.upsample_nearest2d(input, new long[] {input.size(2) * factor, input.size(3) * factor});
            return scale == 1 ? repeated : repeated.mul(new Scalar(scale));
        }
    }

    record Route(LayerSpec.Route spec) implements Layer {
        @Override
        public Tensor forward(Tensor input, List<Tensor> outputs, boolean training) {
            List<Tensor> parts = spec.from().stream()
                    .map(number -> part(outputs.get(number)))
                    .toList();
            return parts.size() == 1 ? parts.get(0) : torch.cat(Tensors.vector(parts), 1);
        }

        private Tensor part(Tensor output) {
            long channels = output.size(1) / spec.groups();
            return spec.groups() == 1 ? output : output.narrow(1, spec.group() * channels, channels);
        }
    }

    record Shortcut(LayerSpec.Shortcut spec) implements Layer {
        @Override
        public Tensor forward(Tensor input, List<Tensor> outputs, boolean training) {
            Tensor sum = input;
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
