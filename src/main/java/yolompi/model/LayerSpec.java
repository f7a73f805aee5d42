package yolompi.model;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A layer as plain numbers: one section of a Darknet {@code .cfg}, without tensors.
 *
 * <p>Code that treats each kind of layer differently is a {@link Visitor}, so that the compiler
 * finds all places that a new kind of layer needs.
 */
public sealed interface LayerSpec {
    /**
     * Maximum number of channels. A larger number is a typing error and would overflow size
     * computations.
     */
    int MAX_CHANNELS = 1 << 20;

    /** Maximum edge of the input (data.size). Kernel sizes and strides are not larger either. */
    int MAX_EDGE = 4096;

    /** Channels of the output. */
    int channels();

    /**
     * Total stride, in input pixels per output cell: an input of S × S gives S/stride × S/stride
     * cells.
     */
    int totalStride();

    /**
     * Numbers of the layers whose outputs this layer reads; -1 stands for the images.
     *
     * @param number number of this layer
     */
    default List<Integer> inputs(int number) {
        return List.of(number - 1);
    }

    Kind kind();

    /** Calls the method of {@code visitor} for this kind of layer. */
    <R> R accept(Visitor<R> visitor);

    /** This layer if it is a convolution. */
    default Optional<Convolution> asConvolution() {
        return Optional.empty();
    }

    /** The detection head if this layer is one. */
    default Optional<YoloHead> asHead() {
        return Optional.empty();
    }

    /** Number of trainable weights. */
    default long parameters() {
        return 0;
    }

    /** Whether the layer normalizes its values over the batch. */
    default boolean batchNorm() {
        return false;
    }

    /**
     * GFLOPs (billions of floating-point operations) for one image, two per multiply-add. Only
     * convolutions count.
     */
    default double gigaflops(int size) {
        return 0;
    }

    /**
     * Number of tensors of the size of the output that the forward pass keeps for the backward
     * pass: the output, the input of a batch norm, and the input of an activation that does not
     * work in place.
     */
    default int keptTensors() {
        return 1;
    }

    /** Number of output cells for an input of {@code size} × {@code size} pixels. */
    default long cells(int size) {
        long edge = size / totalStride();
        return edge * edge;
    }

    /** The kinds of layers. */
    enum Kind {
        CONVOLUTION,
        MAXPOOL,
        UPSAMPLE,
        ROUTE,
        SHORTCUT,
        YOLO
    }

    /** A function of a layer, with one method per kind. */
    interface Visitor<R> {
        R convolution(Convolution convolution);

        R maxPool(MaxPool pool);

        R upsample(Upsample upsample);

        R route(Route route);

        R shortcut(Shortcut shortcut);

        R yolo(Yolo yolo);
    }

    /**
     * The kernel of a convolution.
     *
     * @param size edge in cells
     * @param stride stride in cells of the input, the same in both directions
     * @param padding cells of zeros on each side
     * @param dilation distance between neighboring weights, in cells of the input
     * @param groups number of channel groups, each convolved separately
     */
    record Kernel(int size, int stride, int padding, int dilation, int groups) {}

    /**
     * Convolution, then batch norm or a bias, then the activation.
     *
     * @param inChannels channels of the input
     * @param totalStride total stride, relative to the input of the network
     */
    record Convolution(
            int inChannels, int channels, Kernel kernel, boolean batchNorm, Activation activation, int totalStride)
            implements LayerSpec {
        /** The epsilon that batch norm adds to each variance. */
        public static final double NORM_EPSILON = 1e-5;

        @Override
        public Kind kind() {
            return Kind.CONVOLUTION;
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.convolution(this);
        }

        @Override
        public Optional<Convolution> asConvolution() {
            return Optional.of(this);
        }

        @Override
        public long parameters() {
            return weights() + (batchNorm ? 2L : 1L) * channels;
        }

        @Override
        public double gigaflops(int size) {
            return 2e-9 * weights() * cells(size);
        }

        @Override
        public int keptTensors() {
            return 1 + (batchNorm ? 1 : 0) + (activation.keepsInput() ? 1 : 0);
        }

        /** Number of kernel weights, without biases and batch norm. */
        public long weights() {
            return inputsPerOutput() * channels;
        }

        /** Fan-in: number of input values that contribute to one output value. */
        public long inputsPerOutput() {
            return (long) inChannels / kernel.groups() * kernel.size() * kernel.size();
        }

        /** Shape of the kernel tensor: {@code [out,in/groups,height,width]}. */
        public long[] kernelShape() {
            return new long[] {channels, inChannels / kernel.groups(), kernel.size(), kernel.size()};
        }
    }

    /**
     * Maximum over windows. The output grid is the input grid divided by {@code step}.
     *
     * @param size edge of the windows
     * @param padding total padding of both sides, in cells
     */
    record MaxPool(int channels, int size, int poolStride, int padding, int totalStride) implements LayerSpec {
        @Override
        public Kind kind() {
            return Kind.MAXPOOL;
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.maxPool(this);
        }

        /**
         * Padding before the first row and column: half of the padding, rounded down
         * (maxpool_layer.c).
         */
        public int padBefore() {
            return padding / 2;
        }

        /** Padding after the last row and column, without the part that no window reaches. */
        public int padAfter() {
            return Math.max(0, size - poolStride - padBefore());
        }
    }

    /**
     * Multiplies each value by {@code scale} and repeats it {@code factor} times in both
     * directions.
     */
    record Upsample(int channels, int factor, float scale, int totalStride) implements LayerSpec {
        @Override
        public Kind kind() {
            return Kind.UPSAMPLE;
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.upsample(this);
        }
    }

    /**
     * Concatenates the outputs of earlier layers along the channels.
     *
     * @param groups number of channel groups in each output; one of them is used
     * @param group number of the group that is used, from 0
     */
    record Route(List<Integer> from, int groups, int group, int channels, int totalStride) implements LayerSpec {
        @Override
        public Kind kind() {
            return Kind.ROUTE;
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.route(this);
        }

        @Override
        public List<Integer> inputs(int number) {
            return from;
        }
    }

    /**
     * Adds the outputs of earlier layers to that of the previous layer, then applies the
     * activation.
     */
    record Shortcut(List<Integer> from, Activation activation, int channels, int totalStride) implements LayerSpec {
        @Override
        public Kind kind() {
            return Kind.SHORTCUT;
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.shortcut(this);
        }

        @Override
        public List<Integer> inputs(int number) {
            return Stream.concat(Stream.of(number - 1), from.stream()).toList();
        }

        @Override
        public int keptTensors() {
            return activation.keepsInput() ? 2 : 1;
        }
    }

    /** A detection head. Passes the output of the previous layer through unchanged. */
    record Yolo(YoloHead head, int channels, int totalStride) implements LayerSpec {
        @Override
        public Kind kind() {
            return Kind.YOLO;
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.yolo(this);
        }

        @Override
        public Optional<YoloHead> asHead() {
            return Optional.of(head);
        }
    }
}
