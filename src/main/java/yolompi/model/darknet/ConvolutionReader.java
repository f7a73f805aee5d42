package yolompi.model.darknet;

import java.util.OptionalInt;
import yolompi.model.Activation;
import yolompi.model.LayerSpec;
import yolompi.model.LayerSpec.Kernel;

/** Reads a {@code [convolutional]} section as Darknet does (parser.c, parse_convolutional). */
final class ConvolutionReader {
    private static final long MOST_WEIGHTS = 1L << 31; // 8 GiB

    private final CfgSection section;
    private final EarlierLayers earlier;

    ConvolutionReader(CfgSection section, EarlierLayers earlier) {
        this.section = section;
        this.earlier = earlier;
    }

    /**
     * Reads the section.
     *
     * @param headChannels channels that the following head requires; they replace {@code filters}.
     *     Empty if no head follows
     */
    LayerSpec.Convolution read(OptionalInt headChannels) {
        boolean batchNorm = section.integer("batch_normalize", 0) != 0;
        Activation activation = section.activation(Activation.LOGISTIC);
        int filters = section.positive("filters", 1, LayerSpec.MOST_CHANNELS);
        if (headChannels.isPresent() && (activation != Activation.LINEAR || batchNorm)) {
            throw section.fail(
                    "activation",
                    "the convolution before [yolo] must have activation=linear (Darknet's default is logistic) and no"
                            + " batch norm");
        }
        int channels = headChannels.orElse(filters);
        Kernel kernel = kernel();
        if (earlier.channels() % kernel.groups() != 0 || channels % kernel.groups() != 0) {
            throw section.fail(
                    "groups",
                    "does not divide %d input and %d output channels".formatted(earlier.channels(), channels));
        }
        LayerSpec.Convolution read = new LayerSpec.Convolution(
                earlier.channels(), channels, kernel, batchNorm, activation, earlier.stride(section, kernel.step()));
        if ((double) read.inputsPerOutput() * channels > MOST_WEIGHTS) {
            throw section.fail(
                    "filters",
                    "%d kernels of %d × %d and %d channels: expected at most %,d weights in a layer"
                            .formatted(channels, kernel.size(), kernel.size(), earlier.channels(), MOST_WEIGHTS));
        }
        return read;
    }

    private Kernel kernel() {
        int size = section.positive("size", 1, LayerSpec.MOST_EDGE);
        int step = section.step();
        int dilationInFile = section.positive("dilation", 1, LayerSpec.MOST_EDGE);
        int dilation = size == 1 ? 1 : dilationInFile;
        int explicit = section.integer("padding", 0);
        // Darknet multiplies the padding by the dilation (im2col_cpu_ext).
        int padding = dilation * (section.integer("pad", 0) != 0 ? size / 2 : explicit);
        int reach = dilation * (size - 1) + 1;
        if (padding < 0 || 2 * padding >= reach || reach > 2 * padding + step) {
            throw section.fail(
                    "size",
                    "with padding %d and stride %d the output size would not be the input size / stride;"
                                    .formatted(padding, step)
                            + " expected an odd size and pad=1");
        }
        return new Kernel(size, step, padding, dilation, section.positive("groups", 1));
    }
}
