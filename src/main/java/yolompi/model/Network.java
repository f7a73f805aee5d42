package yolompi.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import yolompi.torch.Compute;

/**
 * The weights of an {@link Architecture} and its forward pass (Redmon and Farhadi, YOLOv3, 2018,
 * section 2; layers as in Darknet).
 *
 * <p>All tensors live as long as the network. Create the network outside the scope of a step.
 */
public final class Network {
    private final Architecture architecture;
    private final List<Layer> layers = new ArrayList<>();
    private final Weights weights;
    private final Optional<SharedStatistics> shared;
    private FrozenLayers frozen = FrozenLayers.NONE;

    /** Creates a network on the CPU. Its random weights depend only on the seed. */
    public Network(Architecture architecture, long seed) {
        this(architecture, seed, Compute.PLAIN, Optional.empty());
    }

    /**
     * Creates a network. Its random weights depend only on the seed.
     *
     * @param compute device and memory layout of the weights
     * @param shared exchange of batch statistics between processes; empty: each process uses its
     *     own
     */
    public Network(Architecture architecture, long seed, Compute compute, Optional<SharedStatistics> shared) {
        this.architecture = architecture;
        this.weights = new Weights(architecture, seed, compute);
        this.shared = shared;
        for (int i = 0; i < architecture.layers().size(); i++) {
            layers.add(layer(i));
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
     * {@link #statistics()}. Adjacent statistics share one view.
     */
    public List<Tensor> trainedStatistics() {
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
            views.add(statistics().narrow(0, from, end - from));
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
    public Tensor statistics() {
        return weights.statistics();
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
        Tensor current = images;
        for (int i = 0; i < layers.size(); i++) {
            Layer layer = layers.get(i);
            current = layer.forward(current, outputs, training && !frozen.contains(i));
            outputs.add(current);
            if (layer instanceof Layer.Yolo) {
                heads.add(current.to(ScalarType.Float));
            }
        }
        return heads;
    }

    private Layer layer(int number) {
        LayerSpec spec = architecture.layers().get(number);
        if (spec instanceof LayerSpec.Convolution convolution) {
            return convolution(number, convolution);
        } else if (spec instanceof LayerSpec.MaxPool pool) {
            return new Layer.MaxPool(pool);
        } else if (spec instanceof LayerSpec.Upsample upsample) {
            return new Layer.Upsample(upsample.factor(), upsample.scale());
        } else if (spec instanceof LayerSpec.Route route) {
            return new Layer.Route(route);
        } else if (spec instanceof LayerSpec.Shortcut shortcut) {
            return new Layer.Shortcut(shortcut);
        }
        return new Layer.Yolo();
    }

    private Layer convolution(int number, LayerSpec.Convolution spec) {
        boolean feedsHead = number + 1 < architecture.layers().size()
                && architecture.layers().get(number + 1) instanceof LayerSpec.Yolo;
        Tensor kernels = weights.kernels(TensorName.KERNELS.of(number), spec, feedsHead);
        if (feedsHead) {
            YoloHead head = ((LayerSpec.Yolo) architecture.layers().get(number + 1)).head();
            return new Layer.Convolution(
                    spec, kernels, new Layer.Bias(weights.headBias(TensorName.BIAS.of(number), head)));
        }
        if (!spec.batchNorm()) {
            return new Layer.Convolution(
                    spec, kernels, new Layer.Bias(weights.biases(TensorName.BIAS.of(number), spec.channels())));
        }
        Layer.BatchNorm norm = new Layer.BatchNorm(
                weights.scales(TensorName.SCALE.of(number), spec.channels()),
                weights.biases(TensorName.SHIFT.of(number), spec.channels()),
                weights.statistic(TensorName.MEAN.of(number), spec.channels(), 0),
                weights.statistic(TensorName.VARIANCE.of(number), spec.channels(), 1));
        return new Layer.Convolution(
                spec,
                kernels,
                shared.<Layer.Normalization>map(all -> new SyncedBatchNorm(norm, all))
                        .orElse(norm));
    }
}
