package yolompi.model.darknet;

import java.util.List;
import java.util.OptionalInt;
import yolompi.InputException;
import yolompi.model.Activation;
import yolompi.model.Architecture;
import yolompi.model.LayerSpec;

/**
 * Builds the layers of a network from the sections of a {@code .cfg}. Rejects everything that is
 * not supported, with file and line.
 */
public final class ArchitectureReader {
    private static final String SUPPORTED = "convolutional, maxpool, upsample, route, shortcut, yolo";
    private static final String HEAD = "yolo";

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
            case "convolutional", "conv" -> new ConvolutionReader(section, earlier).read(headChannels);
            case "maxpool", "max" -> maxPool(section);
            case "upsample" -> upsample(section);
            case "route" -> route(section);
            case "shortcut" -> shortcut(section);
            case HEAD -> heads.read(section, earlier);
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
        int stride = earlier.get(from.get(0)).stride();
        int channels = 0;
        for (int number : from) {
            LayerSpec layer = earlier.get(number);
            if (layer.stride() != stride) {
                throw section.fail("layers", "joins layers with different grid sizes");
            }
            if (layer.channels() % groups != 0) {
                throw section.fail(
                        "groups", "does not divide the %d channels of layer %d".formatted(layer.channels(), number));
            }
            channels += layer.channels() / groups;
            if (channels > LayerSpec.MOST_CHANNELS) {
                throw section.fail("layers", "joins more than %,d channels".formatted(LayerSpec.MOST_CHANNELS));
            }
        }
        return new LayerSpec.Route(from, groups, group, channels, stride);
    }

    private LayerSpec shortcut(CfgSection section) {
        List<Integer> from = earlier.named(section, "from");
        for (int number : from) {
            LayerSpec other = earlier.get(number);
            if (other.channels() != earlier.channels() || other.stride() != earlier.stride()) {
                throw section.fail("from", "adds layers with different shapes");
            }
        }
        return new LayerSpec.Shortcut(
                from, section.activation(Activation.LINEAR), earlier.channels(), earlier.stride());
    }
}
