package yolompi.model;

import java.util.List;
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

    /**
     * How many layers at the beginning are the backbone, which other data sets share most: through the last shortcut before the first head, or
     * in networks without one through the convolution after the last maxpool before it.
     */
    public int backboneLayers() {
        int head = IntStream.range(0, layers.size())
                .filter(i -> layers.get(i) instanceof LayerSpec.Yolo)
                .findFirst()
                .orElse(layers.size());
        int shortcuts = end(head, LayerSpec.Shortcut.class);
        int pools = end(head, LayerSpec.MaxPool.class);
        if (shortcuts > 0 || pools == 0) {
            return shortcuts;
        }
        return IntStream.range(pools, head)
                        .filter(i -> layers.get(i) instanceof LayerSpec.Convolution)
                        .findFirst()
                        .orElse(pools - 1)
                + 1;
    }

    /** One past the last layer of a kind among the first so many; 0 where there is none. */
    private int end(int first, Class<? extends LayerSpec> kind) {
        return IntStream.range(0, first)
                .filter(i -> kind.isInstance(layers.get(i)))
                .map(i -> i + 1)
                .max()
                .orElse(0);
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
        double operations = 0;
        for (LayerSpec layer : layers) {
            if (layer instanceof LayerSpec.Convolution convolution) {
                operations += 2.0 * convolution.weights() * cells(convolution, size);
            }
        }
        return operations / 1e9;
    }

    /**
     * Bytes of what one image's forward pass keeps for the backward pass: the output of each convolution before and after its batch norm, and
     * of every other layer.
     *
     * @param bytesPerValue 4 for fp32, 2 for bf16
     */
    public long activationBytes(int size, int bytesPerValue) {
        long values = 0;
        for (LayerSpec layer : layers) {
            long own = (long) layer.channels() * cells(layer, size);
            boolean kept = layer instanceof LayerSpec.Convolution convolution && convolution.batchNorm();
            values += kept ? 2 * own : own;
        }
        return values * bytesPerValue;
    }

    private static long cells(LayerSpec layer, int size) {
        long edge = size / layer.stride();
        return edge * edge;
    }
}
