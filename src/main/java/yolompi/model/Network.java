package yolompi.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import yolompi.model.Layer.SharedStatistics;
import yolompi.model.Parameter.TensorName;
import yolompi.torch.DeviceContext;
import yolompi.torch.Tensors;

/**
 * The weights of an {@link Architecture} and its forward pass (Redmon and Farhadi, YOLOv3, 2018,
 * section 2; layers as in Darknet).
 *
 * <p>All tensors live as long as the network. Create the network outside the scope of a step.
 */
public final class Network {
    private final Architecture architecture;
    private final List<Layer> layers = new ArrayList<>();
    private final ParameterInit weights;
    private final Optional<SharedStatistics> shared;
    private FrozenLayers frozen = FrozenLayers.NONE;

    /** Creates a network on the CPU. Its random weights depend only on the seed. */
    public Network(Architecture architecture, long seed) {
        this(architecture, seed, DeviceContext.PLAIN, Optional.empty());
    }

    /**
     * Creates a network. Its random weights depend only on the seed.
     *
     * @param device device and memory layout of the weights
     * @param shared exchange of batch statistics between processes; empty: each process uses its
     *     own
     */
    public Network(Architecture architecture, long seed, DeviceContext device, Optional<SharedStatistics> shared) {
        this.architecture = architecture;
        this.weights = new ParameterInit(architecture, seed, device);
        this.shared = shared;
        for (int i = 0; i < architecture.layers().size(); i++) {
            layers.add(architecture.layers().get(i).accept(new LayerBuilder(i)));
        }
    }

    public Architecture architecture() {
        return architecture;
    }

    /** The trainable weights, in the order of the layers. */
    public List<Parameter> parameters() {
        return weights.parameters();
    }

    /** Freezes these layers and trains all others. */
    public void freeze(FrozenLayers layersToFreeze) {
        frozen = layersToFreeze;
        for (Parameter parameter : parameters()) {
            parameter.tensor().set_requires_grad(!frozen.contains(layerOf(parameter)));
        }
    }

    /** The parameters that are not frozen, in the order of the layers. */
    public List<Parameter> trainedParameters() {
        return parameters().stream()
                .filter(parameter -> !frozen.contains(layerOf(parameter)))
                .toList();
    }

    /**
     * The running statistics of the batch norms that are not frozen, as flat views of
     * {@link #runningStats()}. Adjacent statistics share one view.
     */
    public List<Tensor> trainedRunningStats() {
        List<Tensor> views = new ArrayList<>();
        long from = 0;
        long end = 0;
        for (Parameter buffer : buffers()) {
            if (frozen.contains(layerOf(buffer))) {
                addView(views, from, end);
                from = end + buffer.tensor().numel();
            }
            end += buffer.tensor().numel();
        }
        addView(views, from, end);
        return views;
    }

    private void addView(List<Tensor> views, long from, long end) {
        if (end > from) {
            views.add(runningStats().narrow(0, from, end - from));
        }
    }

    /** The layer number in a name such as {@code layers.0.conv.weight}. */
    private static int layerOf(Parameter parameter) {
        return Integer.parseInt(parameter.name().split("\\.", 3)[1]);
    }

    /** Running mean and variance of each batch norm. */
    public List<Parameter> buffers() {
        return weights.buffers();
    }

    /** All running statistics as one flat tensor; {@link #buffers()} are views of it. */
    public Tensor runningStats() {
        return weights.statistics();
    }

    /**
     * Converts bytes to the input of the network.
     *
     * @param pixels uint8 {@code [N,S,S,3]}, RGB
     * @param device device and memory layout of the result
     * @return float32 {@code [N,3,S,S]}, 0 to 1
     */
    public static Tensor toInput(byte[] pixels, int images, int size, DeviceContext device) {
        return toInput(inMemory(pixels, images, size, device), device);
    }

    /**
     * Copies bytes to a tensor on the host.
     *
     * @return uint8 {@code [N,S,S,3]}, in pinned memory if {@code device} is a GPU
     */
    public static Tensor inMemory(byte[] pixels, int images, int size, DeviceContext device) {
        return device.onGpu()
                ? Tensors.pinned(pixels, images, size, size, 3)
                : Tensors.ofBytes(pixels, images, size, size, 3);
    }

    /** Converts a tensor from {@link #inMemory} to the input of the network. */
    public static Tensor toInput(Tensor pixels, DeviceContext device) {
        return device.toDevice(pixels)
                .permute(0, 3, 1, 2)
                .to(ScalarType.Float, false, false, new MemoryFormatOptional(device.layout()))
                .div_(new Scalar(255)); // [N,3,S,S]
    }
    /**
     * Computes the raw heads. Frozen layers use the running statistics.
     *
     * @param images float {@code [N,3,S,S]}, RGB, 0 to 1, in the memory layout of the network
     * @param training whether batch norms use the statistics of this batch and update the running
     *     statistics; otherwise they use the running statistics
     * @return for each head float32 {@code [N, anchors * (5 + classes), S/stride, S/stride]}
     */
    public List<Tensor> forward(Tensor images, boolean training) {
        List<Tensor> outputs = new ArrayList<>();
        List<Tensor> heads = new ArrayList<>();
        Tensor current = images; // [N,3,S,S]
        for (int i = 0; i < layers.size(); i++) {
            boolean batchStatistics = training && !frozen.contains(i);
            current = layers.get(i).forward(current, outputs, batchStatistics); // [N,C,S/stride,S/stride]
            outputs.add(current);
            if (architecture.layers().get(i).kind() == LayerSpec.Kind.YOLO) {
                heads.add(current.to(ScalarType.Float));
            }
        }
        return heads;
    }

    /** Creates one layer and its weights. */
    private final class LayerBuilder implements LayerSpec.Visitor<Layer> {
        private final int number;

        LayerBuilder(int number) {
            this.number = number;
        }

        @Override
        public Layer convolution(LayerSpec.Convolution spec) {
            Optional<YoloHead> head = architecture.headAfter(number);
            Tensor kernels = weights.kernels(TensorName.KERNELS.of(number), spec, head.isPresent());
            return new Layer.Convolution(
                    spec,
                    kernels,
                    head.map(this::headBias).orElseGet(() -> spec.batchNorm() ? batchNorm(spec) : bias(spec)));
        }

        private Layer.Normalization headBias(YoloHead head) {
            return new Layer.Bias(weights.headBias(TensorName.BIAS.of(number), head));
        }

        private Layer.Normalization bias(LayerSpec.Convolution spec) {
            return new Layer.Bias(weights.biases(TensorName.BIAS.of(number), spec.channels()));
        }

        private Layer.Normalization batchNorm(LayerSpec.Convolution spec) {
            Layer.BatchNorm norm = new Layer.BatchNorm(
                    weights.scales(TensorName.SCALE.of(number), spec.channels()),
                    weights.biases(TensorName.SHIFT.of(number), spec.channels()),
                    weights.statistic(TensorName.MEAN.of(number), spec.channels(), 0),
                    weights.statistic(TensorName.VARIANCE.of(number), spec.channels(), 1));
            return shared.<Layer.Normalization>map(all -> new Layer.SyncedBatchNorm(norm, all))
                    .orElse(norm);
        }

        @Override
        public Layer maxPool(LayerSpec.MaxPool spec) {
            return new Layer.MaxPool(spec);
        }

        @Override
        public Layer upsample(LayerSpec.Upsample spec) {
            return new Layer.Upsample(spec.factor(), spec.scale());
        }

        @Override
        public Layer route(LayerSpec.Route spec) {
            return new Layer.Route(spec);
        }

        @Override
        public Layer shortcut(LayerSpec.Shortcut spec) {
            return new Layer.Shortcut(spec);
        }

        @Override
        public Layer yolo(LayerSpec.Yolo spec) {
            return new Layer.Yolo();
        }
    }
}
