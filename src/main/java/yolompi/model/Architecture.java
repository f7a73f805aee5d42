package yolompi.model;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * A network as numbers: what its layers are, how many weights it has, what a pass costs. Made from a Darknet {@code .cfg} by {@link
 * ArchitectureReader}.
 *
 * @param source where it was read, for messages
 * @param text the {@code .cfg} itself
 * @param layers in the file's order, numbered from 0 as Darknet does
 */
public record Architecture(String source, String text, List<LayerSpec> layers) {
    /**
     * Reads a built-in network or a file and fits its heads to the number of classes.
     *
     * @param anchors instead of those in the file, input pixels; empty: those
     */
    public static Architecture read(String nameOrPath, List<Double> anchors, int classes) {
        return new ArchitectureReader(CfgFile.read(nameOrPath), anchors, classes).read();
    }

    /** Reads the text of a {@code .cfg}; {@code source} stands for the file's name in messages. */
    public static Architecture parse(String source, String text, List<Double> anchors, int classes) {
        return new ArchitectureReader(CfgFile.parse(source, text), anchors, classes).read();
    }

    /** The detection heads in the order of the file. */
    public List<YoloHead> heads() {
        return layers.stream()
                .filter(LayerSpec.Yolo.class::isInstance)
                .map(layer -> ((LayerSpec.Yolo) layer).head())
                .toList();
    }

    /** The convolutions that no head depends on, by their numbers: their weights get no gradients. */
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

    /** Number of weights that training changes. */
    public long parameters() {
        return layers.stream().mapToLong(LayerSpec::parameters).sum();
    }

    /** The largest stride: the input's edge must be a multiple of it. */
    public int largestStride() {
        return layers.stream().mapToInt(LayerSpec::stride).max().orElse(1);
    }

    /** Billions of floating-point operations of one image's forward pass: two for each multiply-add of the convolutions. */
    public double gigaflops(int size) {
        return layers.stream().mapToDouble(layer -> gigaflops(layer, size)).sum();
    }

    /** The part of {@link #gigaflops(int)} of one layer. */
    public static double gigaflops(LayerSpec layer, int size) {
        return layer instanceof LayerSpec.Convolution convolution
                ? 2e-9 * convolution.weights() * cells(convolution, size)
                : 0;
    }

    /**
     * Number of layers of the backbone, which learns features that fit any data set; they come first. It ends with the last [shortcut]
     * before the first [yolo] (75 layers of yolov3 and yolov3-spp); where there is none, with the convolution after the last [maxpool]
     * before it (13 of yolov3-tiny); where there is neither, with the last layer before it whose grid is coarser than that before.
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
     * Bytes of what one image's forward pass keeps for the backward pass: the output of each convolution before and after its batch norm, and
     * of every other layer; and what an activation reads that does not overwrite it.
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
