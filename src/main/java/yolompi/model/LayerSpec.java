package yolompi.model;

import java.util.List;

/** One section of a Darknet {@code .cfg} as numbers, without any tensor. */
public sealed interface LayerSpec {
    /** Channels of the layer's output. */
    int channels();

    /** Input pixels for one step of the output's grid: an input of S × S gives S/stride × S/stride. */
    int stride();

    /** Weights that training changes. */
    default long parameters() {
        return 0;
    }

    /**
     * Convolution, then batch norm or a bias, then leaky ReLU or nothing.
     *
     * @param inChannels channels of the input
     * @param size edge of the kernel
     * @param step stride of the kernel over the input's grid
     * @param stride of the output against the network's input
     */
    record Convolution(
            int inChannels, int channels, int size, int step, int padding, boolean batchNorm, boolean leaky, int stride)
            implements LayerSpec {
        @Override
        public long parameters() {
            return weights() + (batchNorm ? 2L : 1L) * channels;
        }

        /** Values of the kernels alone. */
        public long weights() {
            return (long) inChannels * channels * size * size;
        }
    }

    /** Maximum over windows; the output's grid is the input's divided by {@code step}. */
    record MaxPool(int channels, int size, int step, int stride) implements LayerSpec {}

    /** Each value repeated {@code factor} times in both directions. */
    record Upsample(int channels, int factor, int stride) implements LayerSpec {}

    /** The outputs of earlier layers, one behind another in the channels. */
    record Route(List<Integer> from, int channels, int stride) implements LayerSpec {}

    /** The sum of the layer before and an earlier one. */
    record Shortcut(int from, int channels, int stride) implements LayerSpec {}

    /** A detection head: reads the layer before as it is. */
    record Yolo(YoloHead head, int channels, int stride) implements LayerSpec {}
}
