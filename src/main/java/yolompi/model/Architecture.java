package yolompi.model;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import yolompi.model.LayerSpec.Kind;
import yolompi.model.darknet.ArchitectureReader;

/**
 * A network as plain numbers: its layers, its number of weights, the cost of a forward pass.
 * {@link ArchitectureReader} builds it from a Darknet {@code .cfg}.
 *
 * @param source file name for messages
 * @param text the {@code .cfg} itself
 * @param layers in the order of the file, numbered from 0 as in Darknet
 */
public record Architecture(String source, String text, List<LayerSpec> layers) {
    /** The detection heads in the order of the file. */
    public List<YoloHead> heads() {
        return layers.stream().flatMap(layer -> layer.asHead().stream()).toList();
    }

    /** The detection head that follows a layer directly. */
    public Optional<YoloHead> headAfter(int layer) {
        return layer + 1 < layers.size() ? layers.get(layer + 1).asHead() : Optional.empty();
    }

    /** Numbers of the convolutions that no head depends on. Their weights get no gradients. */
    public List<Integer> unusedConvolutions() {
        boolean[] used = new boolean[layers.size()];
        for (int i = layers.size() - 1; i >= 0; i--) {
            used[i] |= layers.get(i).kind() == Kind.YOLO;
            if (used[i]) {
                layers.get(i).inputs(i).stream().filter(input -> input >= 0).forEach(input -> used[input] = true);
            }
        }
        return IntStream.range(0, layers.size())
                .filter(i -> !used[i] && layers.get(i).kind() == Kind.CONVOLUTION)
                .boxed()
                .toList();
    }

    /** Number of trainable weights. */
    public long parameters() {
        return layers.stream().mapToLong(LayerSpec::parameters).sum();
    }

    /** The largest stride. The edge of the input must be a multiple of it. */
    public int largestStride() {
        return layers.stream().mapToInt(LayerSpec::totalStride).max().orElse(1);
    }

    /** Cost of the forward pass of one image, as {@link LayerSpec#gigaflops} counts it. */
    public double gigaflops(int size) {
        return layers.stream().mapToDouble(layer -> layer.gigaflops(size)).sum();
    }

    /**
     * Number of layers in the backbone, which comes first and learns features that fit any data
     * set.
     *
     * <p>The backbone ends with the last [shortcut] before the first [yolo] (75 layers in yolov3
     * and yolov3-spp). Without such a [shortcut] it ends with the convolution after the last
     * [maxpool] before the first [yolo] (13 layers in yolov3-tiny). Without either it ends with the
     * last layer before the first [yolo] whose grid is coarser than that of the layer before.
     * Otherwise the result is 0.
     */
    public int backboneLayers() {
        int head = first(Kind.YOLO, 0);
        int shortcut = last(Kind.SHORTCUT, head);
        if (shortcut >= 0) {
            return shortcut + 1;
        }
        int pool = last(Kind.MAXPOOL, head);
        if (pool >= 0) {
            return Math.min(head, first(Kind.CONVOLUTION, pool) + 1);
        }
        for (int i = head - 1; i >= 0; i--) {
            if (layers.get(i).totalStride() > (i == 0 ? 1 : layers.get(i - 1).totalStride())) {
                return i + 1;
            }
        }
        return 0;
    }

    private int first(Kind kind, int from) {
        int i = from;
        while (i < layers.size() && layers.get(i).kind() != kind) {
            i++;
        }
        return i;
    }

    private int last(Kind kind, int before) {
        int i = before - 1;
        while (i >= 0 && layers.get(i).kind() != kind) {
            i--;
        }
        return i;
    }

    /**
     * Bytes of activations that the forward pass of one image keeps for the backward pass: see
     * {@link LayerSpec#keptTensors}.
     *
     * @param bytesPerValue 4 for fp32, 2 for bf16
     */
    public long activationBytes(int size, int bytesPerValue) {
        long values = 0;
        for (LayerSpec layer : layers) {
            values += (long) layer.keptTensors() * layer.channels() * layer.cells(size);
        }
        return values * bytesPerValue;
    }
}
