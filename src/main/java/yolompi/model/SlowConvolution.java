package yolompi.model;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;
import yolompi.InputException;
import yolompi.torch.CpuCaches;
import yolompi.torch.Tensors;

/**
 * Convolution by LibTorch's own loops over a matrix product ({@code slow_conv2d}), where oneDNN's are wrong: see {@link CpuCaches}. On such
 * processors oneDNN leaves parts unwritten of what it pads to whole blocks of 16 channels.
 */
final class SlowConvolution {
    private static final int BLOCK = 16;

    private SlowConvolution() {}

    /** Whether this convolution of this input needs it: on the CPU, where its caches are hidden, and channels don't fill blocks. */
    static boolean isNeeded(LayerSpec.Convolution spec, Tensor input) {
        return !CpuCaches.areKnown() && input.is_cpu() && !fillsBlocks(spec, torch.is_autocast_enabled(DeviceType.CPU));
    }

    /**
     * Images' three channels have a way of their own in oneDNN, which is right in float32 and wrong in bfloat16. The outputs of 1×1 kernels, as
     * heads have them, may be any number: with memory full of NaN beforehand, none was seen in them.
     */
    static boolean fillsBlocks(LayerSpec.Convolution spec, boolean halfPrecision) {
        int groups = spec.kernel().groups();
        int inputs = spec.inChannels() / groups;
        boolean images = inputs == 3 && groups == 1 && !halfPrecision;
        boolean head = spec.kernel().size() == 1 && groups == 1;
        return (inputs % BLOCK == 0 || images) && (spec.channels() / groups % BLOCK == 0 || head);
    }

    /**
     * Convolves in float32.
     *
     * @throws InputException for a dilated kernel, which these loops don't have
     */
    static Tensor apply(LayerSpec.Convolution spec, Tensor input, Tensor weight, TensorOptional bias) {
        LayerSpec.Kernel kernel = spec.kernel();
        if (kernel.dilation() != 1) {
            throw new InputException(
                    "a dilated convolution of %d to %d channels: this machine's processor hides its caches, as some virtual machines do, and LibTorch computes such a one wrong there; expected multiples of 16 channels, or another machine"
                            .formatted(spec.inChannels(), spec.channels()));
        }
        Tensor single = input.to(ScalarType.Float);
        List<Tensor> parts = new ArrayList<>();
        for (int group = 0; group < kernel.groups(); group++) {
            parts.add(part(spec, single, weight, bias, group));
        }
        return parts.size() == 1 ? parts.get(0) : torch.cat(Tensors.vector(parts), 1);
    }

    private static Tensor part(
            LayerSpec.Convolution spec, Tensor input, Tensor weight, TensorOptional bias, int group) {
        LayerSpec.Kernel kernel = spec.kernel();
        int inputs = spec.inChannels() / kernel.groups();
        int outputs = spec.channels() / kernel.groups();
        return torch.thnn_conv2d(
                input.narrow(1, (long) group * inputs, inputs),
                weight.narrow(0, (long) group * outputs, outputs),
                new long[] {kernel.size(), kernel.size()},
                bias.has_value() ? new TensorOptional(bias.get().narrow(0, (long) group * outputs, outputs)) : bias,
                new long[] {kernel.step(), kernel.step()},
                kernel.padding(),
                kernel.padding());
    }
}
