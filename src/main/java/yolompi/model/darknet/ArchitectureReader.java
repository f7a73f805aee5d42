package yolompi.model.darknet;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import yolompi.InputException;
import yolompi.model.Activation;
import yolompi.model.Architecture;
import yolompi.model.LayerSpec;
import yolompi.model.LayerSpec.Kernel;

/**
 * Builds the layers of a network from the sections of a {@code .cfg}. Rejects everything that is
 * not supported, with file and line.
 */
public final class ArchitectureReader {
    private static final String SUPPORTED = "convolutional, maxpool, upsample, route, shortcut, yolo";
    private static final String HEAD = "yolo";
    private static final long MAX_WEIGHTS = 1L << 31; // 8 GiB

    private final CfgFile cfg;
    private final HeadReader heads;
    private final EarlierLayers earlier = new EarlierLayers();

    /**
     * Reads a built-in network or a file and sets the number of classes of its heads.
     *
     * @param anchors replace those of the file, input pixels; empty: keep those of the file
     */
    public static Architecture read(String nameOrPath, List<Double> anchors, int classes) {
        return new ArchitectureReader(CfgFile.read(nameOrPath), anchors, classes).read();
    }

    /** Parses the text of a {@code .cfg}. Messages show {@code source} as the file name. */
    public static Architecture parse(String source, String text, List<Double> anchors, int classes) {
        return new ArchitectureReader(CfgFile.parse(source, text), anchors, classes).read();
    }

    private ArchitectureReader(CfgFile cfg, List<Double> anchors, int classes) {
        this.cfg = cfg;
        this.heads = new HeadReader(cfg.source(), anchors, classes);
    }

    private Architecture read() {
        List<CfgSection> sections = cfg.sections();
        checkNet(sections.get(0));
        for (int i = 1; i < sections.size(); i++) {
            earlier.add(layer(sections.get(i), headChannels(i + 1)));
            CfgOptions.settle(sections.get(i));
        }
        Architecture architecture = new Architecture(cfg.source(), cfg.text(), earlier.all());
        if (architecture.heads().isEmpty()) {
            throw new InputException(cfg.source() + ": no [yolo] section; expected at least one detection head");
        }
        return architecture;
    }

    private LayerSpec layer(CfgSection section, OptionalInt headChannels) {
        return switch (section.name()) {
            case "convolutional", "conv" -> convolution(section, headChannels);
            case "maxpool", "max" -> maxPool(section);
            case "upsample" -> upsample(section);
            case "route" -> route(section);
            case "shortcut" -> shortcut(section);
            case HEAD -> heads.read(section, earlier.channels(), earlier.stride());
            default ->
                throw new InputException("%s, line %d: section [%s] is not supported; expected one of %s"
                        .formatted(cfg.source(), section.line(), section.name(), SUPPORTED));
        };
    }

    private static void checkNet(CfgSection net) {
        if (net.integer("channels", 3) != 3) {
            throw net.fail("channels", "expected 3 (RGB)");
        }
    }

    /**
     * Channels that section {@code next}, a head, requires of the layer before it; empty if it is
     * not a head.
     */
    private OptionalInt headChannels(int next) {
        List<CfgSection> sections = cfg.sections();
        return next < sections.size() && sections.get(next).name().equals(HEAD)
                ? OptionalInt.of(heads.channels(sections.get(next)))
                : OptionalInt.empty();
    }

    /**
     * Reads a {@code [convolutional]} section as Darknet does (parser.c, parse_convolutional).
     *
     * @param headChannels channels that the following head requires; they replace {@code filters}.
     *     Empty if no head follows
     */
    private LayerSpec convolution(CfgSection section, OptionalInt headChannels) {
        boolean batchNorm = section.integer("batch_normalize", 0) != 0;
        Activation activation = section.activation(Activation.LOGISTIC);
        int filters = section.positive("filters", 1, LayerSpec.MAX_CHANNELS);
        if (headChannels.isPresent() && (activation != Activation.LINEAR || batchNorm)) {
            throw section.fail(
                    "activation",
                    "the convolution before [yolo] must have activation=linear (Darknet's default is logistic) and no"
                            + " batch norm");
        }
        int channels = headChannels.orElse(filters);
        Kernel kernel = kernel(section);
        if (earlier.channels() % kernel.groups() != 0 || channels % kernel.groups() != 0) {
            throw section.fail(
                    "groups",
                    "does not divide %d input and %d output channels".formatted(earlier.channels(), channels));
        }
        LayerSpec.Convolution convolution = new LayerSpec.Convolution(
                earlier.channels(), channels, kernel, batchNorm, activation, earlier.stride(section, kernel.stride()));
        if ((double) convolution.inputsPerOutput() * channels > MAX_WEIGHTS) {
            throw section.fail(
                    "filters",
                    "%d kernels of %d × %d and %d channels: expected at most %,d weights in a layer"
                            .formatted(channels, kernel.size(), kernel.size(), earlier.channels(), MAX_WEIGHTS));
        }
        return convolution;
    }

    private static Kernel kernel(CfgSection section) {
        int size = section.positive("size", 1, LayerSpec.MAX_EDGE);
        int step = section.step();
        int dilationInFile = section.positive("dilation", 1, LayerSpec.MAX_EDGE);
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

    private LayerSpec maxPool(CfgSection section) {
        int step = section.step();
        int size = section.positive("size", step);
        int padding = section.integer("padding", size - 1);
        if (padding < 0 || padding >= size || size > padding + step) {
            throw section.fail(
                    "padding",
                    "the output size would not be the input size divided by the stride; expected %d to %d (Darknet: %d)"
                            .formatted(Math.max(0, size - step), size - 1, size - 1));
        }
        return new LayerSpec.MaxPool(earlier.channels(), size, step, padding, earlier.stride(section, step));
    }

    private LayerSpec upsample(CfgSection section) {
        int factor = section.positive("stride", 2);
        if (earlier.stride() % factor != 0) {
            throw section.fail("stride", "the output would be larger than the input image");
        }
        return new LayerSpec.Upsample(
                earlier.channels(), factor, section.number("scale", 1), earlier.stride() / factor);
    }

    private LayerSpec route(CfgSection section) {
        List<Integer> from = earlier.named(section, "layers");
        int groups = section.positive("groups", 1);
        int group = section.integer("group_id", 0);
        if (group < 0 || group >= groups) {
            throw section.fail("group_id", "expected 0 to " + (groups - 1));
        }
        int stride = earlier.get(from.get(0)).totalStride();
        int channels = 0;
        for (int number : from) {
            LayerSpec layer = earlier.get(number);
            if (layer.totalStride() != stride) {
                throw section.fail("layers", "joins layers with different grid sizes");
            }
            if (layer.channels() % groups != 0) {
                throw section.fail(
                        "groups", "does not divide the %d channels of layer %d".formatted(layer.channels(), number));
            }
            channels += layer.channels() / groups;
            if (channels > LayerSpec.MAX_CHANNELS) {
                throw section.fail("layers", "joins more than %,d channels".formatted(LayerSpec.MAX_CHANNELS));
            }
        }
        return new LayerSpec.Route(from, groups, group, channels, stride);
    }

    private LayerSpec shortcut(CfgSection section) {
        List<Integer> from = earlier.named(section, "from");
        for (int number : from) {
            LayerSpec other = earlier.get(number);
            if (other.channels() != earlier.channels() || other.totalStride() != earlier.stride()) {
                throw section.fail("from", "adds layers with different shapes");
            }
        }
        return new LayerSpec.Shortcut(
                from, section.activation(Activation.LINEAR), earlier.channels(), earlier.stride());
    }

    /** The layers read so far. The next section may refer to them. */
    private static final class EarlierLayers {
        private static final int INPUT_CHANNELS = 3;

        private final List<LayerSpec> layers = new ArrayList<>();

        void add(LayerSpec layer) {
            layers.add(layer);
        }

        List<LayerSpec> all() {
            return List.copyOf(layers);
        }

        /** Channels of the last layer, or of the images if there is no layer yet. */
        int channels() {
            return layers.isEmpty()
                    ? INPUT_CHANNELS
                    : layers.get(layers.size() - 1).channels();
        }

        /** Total stride of the last layer: input pixels per cell. */
        int stride() {
            return layers.isEmpty() ? 1 : layers.get(layers.size() - 1).totalStride();
        }

        /** Total stride of a following layer whose own stride is {@code step}. */
        int stride(CfgSection section, int step) {
            long stride = (long) stride() * step;
            if (stride > LayerSpec.MAX_EDGE) {
                throw section.fail(
                        "stride",
                        "the total stride would be %,d; expected at most %,d".formatted(stride, LayerSpec.MAX_EDGE));
            }
            return (int) stride;
        }

        LayerSpec get(int number) {
            return layers.get(number);
        }

        /**
         * Numbers of the layers that a key lists. The file counts from the first layer (0, 1, …) or
         * backward from this section (-1, -2, …).
         */
        List<Integer> named(CfgSection section, String key) {
            return IntStream.of(section.integers(key))
                    .map(layer -> absolute(section, key, layer))
                    .boxed()
                    .toList();
        }

        private int absolute(CfgSection section, String key, int layer) {
            int number = layer < 0 ? layers.size() + layer : layer;
            if (number < 0 || number >= layers.size()) {
                throw section.fail(key, "no such earlier layer; this section is layer " + layers.size());
            }
            return number;
        }
    }
}
