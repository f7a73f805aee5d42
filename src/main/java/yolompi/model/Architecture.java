package yolompi.model;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
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
        return layers.stream()
                .filter(LayerSpec.Yolo.class::isInstance)
                .map(layer -> ((LayerSpec.Yolo) layer).head())
                .toList();
    }

    /** Numbers of the convolutions that no head depends on. Their weights get no gradients. */
    public List<Integer> unusedConvolutions() {
        boolean[] used = new boolean[layers.size()];
        for (int i = layers.size() - 1; i >= 0; i--) {
            used[i] |= layers.get(i) instanceof LayerSpec.Yolo;
            if (used[i]) {
                layers.get(i).inputs(i).stream().filter(input -> input >= 0).forEach(input -> used[input] = true);
            }
        }
        return IntStream.range(0, layers.size())
                .filter(i -> !used[i] && layers.get(i) instanceof LayerSpec.Convolution)
                .boxed()
                .toList();
    }

    /** Number of trainable weights. */
    public long parameters() {
        return layers.stream().mapToLong(LayerSpec::parameters).sum();
    }

    /** The largest stride. The edge of the input must be a multiple of it. */
    public int largestStride() {
        return layers.stream().mapToInt(LayerSpec::stride).max().orElse(1);
    }

    /**
     * GFLOPs (billions of floating-point operations) of the forward pass of one image. Counts the
     * convolutions alone, with two operations per multiply-add.
     */
    public double gigaflops(int size) {
        return layers.stream().mapToDouble(layer -> gigaflops(layer, size)).sum();
    }

    /** The share of one layer in {@link #gigaflops(int)}. */
    public static double gigaflops(LayerSpec layer, int size) {
        return layer instanceof LayerSpec.Convolution convolution
                ? 2e-9 * convolution.weights() * cells(convolution, size)
                : 0;
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
        int head = first(LayerSpec.Yolo.class, 0);
        int shortcut = last(head, LayerSpec.Shortcut.class::isInstance);
        if (shortcut >= 0) {
            return shortcut + 1;
        }
        int pool = last(head, LayerSpec.MaxPool.class::isInstance);
        if (pool >= 0) {
            return Math.min(head, first(LayerSpec.Convolution.class, pool) + 1);
        }
        for (int i = head - 1; i >= 0; i--) {
            if (layers.get(i).stride() > (i == 0 ? 1 : layers.get(i - 1).stride())) {
                return i + 1;
            }
        }
        return 0;
    }

    private int first(Class<? extends LayerSpec> kind, int from) {
        int i = from;
        while (i < layers.size() && !kind.isInstance(layers.get(i))) {
            i++;
        }
        return i;
    }

    private int last(int before, Predicate<LayerSpec> wanted) {
        int i = before - 1;
        while (i >= 0 && !wanted.test(layers.get(i))) {
            i--;
        }
        return i;
    }

    /**
     * Bytes of activations that the forward pass of one image keeps for the backward pass: the
     * output of every layer, the input of every batch norm, and the input of every activation that
     * does not work in place.
     *
     * @param bytesPerValue 4 for fp32, 2 for bf16
     */
    public long activationBytes(int size, int bytesPerValue) {
        long values = 0;
        for (LayerSpec layer : layers) {
            long own = (long) layer.channels() * cells(layer, size);
            values += copiesKept(layer) * own;
        }
        return values * bytesPerValue;
    }

    private static int copiesKept(LayerSpec layer) {
        if (layer instanceof LayerSpec.Convolution convolution) {
            return 1
                    + (convolution.batchNorm() ? 1 : 0)
                    + (convolution.activation().keepsInput() ? 1 : 0);
        }
        return layer instanceof LayerSpec.Shortcut shortcut
                        && shortcut.activation().keepsInput()
                ? 2
                : 1;
    }

    private static long cells(LayerSpec layer, int size) {
        long edge = size / layer.stride();
        return edge * edge;
    }
}
