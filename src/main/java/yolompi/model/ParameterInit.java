package yolompi.model;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import yolompi.model.Parameter.Role;
import yolompi.torch.DeviceContext;
import yolompi.torch.Tensors;

/**
 * Creates the tensors of a network: the trainable ones by name, and the running statistics of all
 * batch norms as views of one flat tensor, so that a single all-reduce averages them.
 */
final class ParameterInit {
    /**
     * Objectness that an untrained network predicts (the prior of Lin et al., Focal Loss, section
     * 4.1).
     */
    private static final double OBJECT_PRIOR = 0.01;

    private final List<Parameter> parameters = new ArrayList<>();
    private final List<Parameter> buffers = new ArrayList<>();
    private final Tensor statistics; // [2 * channels of all batch norms]
    private final DeviceContext device;
    private long statisticsUsed;

    ParameterInit(Architecture architecture, long seed, DeviceContext device) {
        this.device = device;
        torch.manual_seed(seed);
        long normChannels = architecture.layers().stream()
                .filter(LayerSpec::batchNorm)
                .mapToLong(LayerSpec::channels)
                .sum();
        statistics = device.toDevice(torch.zeros(2 * normChannels));
    }

    /**
     * Kernels {@code [out,in,size,size]} from He's normal initialization, as in Darknet. The values
     * do not depend on the memory layout.
     */
    Tensor kernels(String name, LayerSpec.Convolution layer, boolean head) {
        double deviation = head ? 0.01 : Math.sqrt(2.0 / layer.inputsPerOutput());
        Tensor random = torch.empty(
                layer.kernelShape(), new TensorOptions(), new MemoryFormatOptional(MemoryFormat.ChannelsLast));
        random.normal_(0, deviation, new GeneratorOptional()); // in memory order
        // A copy: contiguous() would keep the strides of 1x1 kernels, from which LibTorch chooses
        // the memory layout of their output.
        Tensor kernels =
                torch.empty(layer.kernelShape(), new TensorOptions(), new MemoryFormatOptional(device.layout()));
        kernels.copy_(random);
        return trainable(name, kernels, Role.KERNEL);
    }

    /** Weights of a batch norm. */
    Tensor scales(String name, int channels) {
        return trainable(name, torch.ones(channels), Role.SCALE);
    }

    /** Biases of a convolution or a batch norm. */
    Tensor biases(String name, int channels) {
        return trainable(name, torch.zeros(channels), Role.BIAS);
    }

    /**
     * Biases of the convolution before a head: objectness starts at its prior, everything else at
     * 0.
     */
    Tensor headBias(String name, YoloHead head) {
        float[] values = new float[head.channels()];
        for (int anchor = 0; anchor < head.anchors().size(); anchor++) {
            values[anchor * head.valuesPerAnchor() + 4] = (float) -Math.log((1 - OBJECT_PRIOR) / OBJECT_PRIOR);
        }
        return trainable(name, Tensors.ofFloats(values, values.length), Role.BIAS);
    }

    /** Running mean (0) or variance (1) of one batch norm. */
    Tensor statistic(String name, int channels, double initial) {
        Tensor view = statistics.narrow(0, statisticsUsed, channels);
        view.fill_(new Scalar(initial));
        statisticsUsed += channels;
        buffers.add(new Parameter(name, view, Role.STATE));
        return view;
    }

    List<Parameter> parameters() {
        return List.copyOf(parameters);
    }

    List<Parameter> buffers() {
        return List.copyOf(buffers);
    }

    Tensor statistics() {
        return statistics;
    }

    /** Random values come from the CPU, so that a seed gives the same weights on every device. */
    private Tensor trainable(String name, Tensor drawn, Role role) {
        Tensor tensor = device.toDevice(drawn);
        tensor.set_requires_grad(true);
        parameters.add(new Parameter(name, tensor, role));
        return tensor;
    }
}
