package yolompi.model;

import java.util.List;
import java.util.stream.Stream;

/** One section of a Darknet {@code .cfg} as numbers, without any tensor. */
public sealed interface LayerSpec {
    /** More would be a slip of the pen, and overflow the arithmetic of sizes. */
    int MOST_CHANNELS = 1 << 20;

    /** The largest input's edge (data.size), which no kernel or stride exceeds. */
    int MOST_EDGE = 4096;

    /** Channels of the layer's output. */
    int channels();

    /** Input pixels for one step of the output's grid: an input of S × S gives S/stride × S/stride. */
    int stride();

    /**
     * The layers whose outputs it reads; -1 stands for the images.
     *
     * @param number its own
     */
    default List<Integer> inputs(int number) {
        return List.of(number - 1);
    }

    /** Weights that training changes. */
    default long parameters() {
        return 0;
    }

    /**
     * How a convolution looks at its input.
     *
     * @param size edge in cells
     * @param step cells of the input for one of the output, in both directions
     * @param padding cells of zeros on each side
     * @param dilation cells of the input from one weight to the next
     * @param groups parts of the channels that see nothing of each other
     */
    record Kernel(int size, int step, int padding, int dilation, int groups) {}

    /**
     * Convolution, then batch norm or a bias, then the activation.
     *
     * @param inChannels channels of the input
     * @param stride of the output against the network's input
     */
    record Convolution(
            int inChannels, int channels, Kernel kernel, boolean batchNorm, Activation activation, int stride)
            implements LayerSpec {
        /** What batch norm adds to each variance. */
        public static final double NORM_EPSILON = 1e-5;

        @Override
        public long parameters() {
            return weights() + (batchNorm ? 2L : 1L) * channels;
        }

        /** Values of the kernels alone. */
        public long weights() {
            return inputsPerOutput() * channels;
        }

        /** Values of the input that one value of the output is a sum of. */
        long inputsPerOutput() {
            return (long) inChannels / kernel.groups() * kernel.size() * kernel.size();
        }

        /** Sizes of the kernels' tensor: out, in, height, width. */
        long[] kernelShape() {
            return new long[] {channels, inChannels / kernel.groups(), kernel.size(), kernel.size()};
        }
    }

    /**
     * Maximum over windows; the output's grid is the input's divided by {@code step}.
     *
     * @param size edge of the windows
     * @param padding cells that the windows reach beyond the input, both sides together
     */
    record MaxPool(int channels, int size, int step, int padding, int stride) implements LayerSpec {
        /** Cells that windows reach beyond the first row and column: half of the padding, rounded down (maxpool_layer.c). */
        public int before() {
            return padding / 2;
        }

        /** Cells that windows reach beyond the last row and column; what no window reaches of the padding is left out. */
        public int behind() {
            return Math.max(0, size - step - before());
        }
    }

    /** Each value times {@code scale}, repeated {@code factor} times in both directions. */
    record Upsample(int channels, int factor, float scale, int stride) implements LayerSpec {}

    /**
     * The outputs of earlier layers, one behind another in the channels.
     *
     * @param groups parts of each output's channels, of which one goes on
     * @param group the number of that part, from 0
     */
    record Route(List<Integer> from, int groups, int group, int channels, int stride) implements LayerSpec {
        @Override
        public List<Integer> inputs(int number) {
            return from;
        }
    }

    /** The sum of the layer before and earlier ones, then the activation. */
    record Shortcut(List<Integer> from, Activation activation, int channels, int stride) implements LayerSpec {
        @Override
        public List<Integer> inputs(int number) {
            return Stream.concat(Stream.of(number - 1), from.stream()).toList();
        }
    }

    /** A detection head: reads the layer before as it is. */
    record Yolo(YoloHead head, int channels, int stride) implements LayerSpec {}
}
