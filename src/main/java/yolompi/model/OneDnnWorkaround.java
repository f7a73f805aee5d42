package yolompi.model;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;
import yolompi.torch.DeviceContext.CpuCaches;
import yolompi.torch.Tensors;

/**
 * Convolution with LibTorch's own matrix product ({@code slow_conv2d}), where the results of oneDNN
 * are wrong: see {@link CpuCaches}. On such processors oneDNN pads channels to blocks of 16 and
 * leaves part of the padding uninitialized.
 */
final class OneDnnWorkaround {
    private static final int BLOCK = 16;

    private OneDnnWorkaround() {}

    /**
     * Whether this convolution of this input needs the workaround: it runs on the CPU, the CPU
     * hides its caches, and the channels don't fill whole blocks.
     */
    static boolean isNeeded(LayerSpec.Convolution spec, Tensor input) {
        return !CpuCaches.areKnown() && input.is_cpu() && !fillsBlocks(spec, torch.is_autocast_enabled(DeviceType.CPU));
    }

    /**
     * Whether oneDNN computes this convolution correctly. The three channels of images take a
     * separate path in oneDNN, which is correct in float32 and wrong in bfloat16. 1×1 kernels, as
     * in heads, may have any number of output channels: with memory filled with NaN beforehand,
     * none appeared in their outputs.
     */
    static boolean fillsBlocks(LayerSpec.Convolution spec, boolean halfPrecision) {
        int groups = spec.kernel().groups();
        int inputs = spec.inChannels() / groups;
        boolean images = inputs == 3 && groups == 1 && !halfPrecision;
        boolean head = spec.kernel().size() == 1 && groups == 1;
        return (inputs % BLOCK == 0 || images) && (spec.channels() / groups % BLOCK == 0 || head);
    }

    /** Convolves in float32, even under autocast. */
    static Tensor apply(LayerSpec.Convolution spec, Tensor input, Tensor weight, TensorOptional bias) {
        boolean autocast = torch.is_autocast_enabled(DeviceType.CPU);
        torch.set_autocast_enabled(DeviceType.CPU, false);
        try {
            return single(spec, input, weight, bias);
        } finally {
            torch.set_autocast_enabled(DeviceType.CPU, autocast);
        }
    }

    private static Tensor single(LayerSpec.Convolution spec, Tensor input, Tensor weight, TensorOptional bias) {
        int groups = spec.kernel().groups();
        long inputs = spec.inChannels() / groups;
        long outputs = spec.channels() / groups;
        Tensor single = input.to(ScalarType.Float); // [N,C,H,W]
        List<Tensor> parts = new ArrayList<>();
        for (int group = 0; group < groups; group++) {
            Tensor own = single.narrow(1, group * inputs, inputs); // [N,C/groups,H,W]
            Tensor kernels = weight.narrow(0, group * outputs, outputs);
            TensorOptional biases =
                    bias.has_value() ? new TensorOptional(bias.get().narrow(0, group * outputs, outputs)) : bias;
            parts.add(
                    spec.kernel().dilation() == 1
                            ? dense(spec.kernel(), own, kernels, biases)
                            : dilated(spec.kernel(), own, kernels, biases));
        }
        return parts.size() == 1 ? parts.get(0) : torch.cat(Tensors.vector(parts), 1);
    }

    private static Tensor dense(LayerSpec.Kernel kernel, Tensor input, Tensor weight, TensorOptional bias) {
        return torch.thnn_conv2d(
                input, weight, twice(kernel.size()), bias, twice(kernel.stride()), twice(kernel.padding()));
    }

    /**
     * The same matrix product, written out: LibTorch's dilated convolution has no backward pass of
     * its own.
     */
    private static Tensor dilated(LayerSpec.Kernel kernel, Tensor input, Tensor weight, TensorOptional bias) {
        Tensor columns = torch.im2col(
                input,
                twice(kernel.size()),
                twice(kernel.dilation()),
                twice(kernel.padding()),
                twice(kernel.stride())); // [N,C*K*K,H*W]
        long reach = (long) kernel.dilation() * (kernel.size() - 1) + 1;
        long rows = (input.size(2) + 2L * kernel.padding() - reach) / kernel.stride() + 1;
        long outputs = weight.size(0);
        Tensor sums = weight.reshape(outputs, -1)
                .matmul(columns)
                .reshape(input.size(0), outputs, rows, columns.size(2) / rows);
        return bias.has_value() ? sums.add(bias.get().reshape(1, outputs, 1, 1)) : sums;
    }

    private static long[] twice(long value) {
        return new long[] {value, value};
    }
}
