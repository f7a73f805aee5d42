package yolompi.model;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import yolompi.InputException;
import yolompi.model.YoloHead.Anchor;

/** From the sections of a {@code .cfg} file to layers; what is not supported is refused with file and line. */
final class ArchitectureReader {
    private static final String SUPPORTED = "convolutional, maxpool, upsample, route, shortcut, yolo";
    private static final int INPUT_CHANNELS = 3;

    private final CfgFile cfg;
    private final List<Double> anchors;
    private final int classes;
    private final List<LayerSpec> layers = new ArrayList<>();

    ArchitectureReader(CfgFile cfg, List<Double> anchors, int classes) {
        this.cfg = cfg;
        this.anchors = anchors;
        this.classes = classes;
    }

    Architecture read() {
        List<CfgSection> sections = cfg.sections();
        checkNet(sections.get(0));
        for (int i = 1; i < sections.size(); i++) {
            boolean beforeHead =
                    i + 1 < sections.size() && sections.get(i + 1).name().equals("yolo");
            layers.add(layer(sections.get(i), beforeHead));
            refuseUnused(sections.get(i));
        }
        Architecture architecture = new Architecture(cfg.source(), cfg.text(), List.copyOf(layers));
        if (architecture.heads().isEmpty()) {
            throw new InputException(cfg.source() + ": no [yolo] section; expected at least one detection head");
        }
        return architecture;
    }

    private LayerSpec layer(CfgSection section, boolean beforeHead) {
        return switch (section.name()) {
            case "convolutional" -> convolution(section, beforeHead);
            case "maxpool" -> maxPool(section);
            case "upsample" -> upsample(section);
            case "route" -> route(section);
            case "shortcut" -> shortcut(section);
            case "yolo" -> yolo(section);
            default ->
                throw new InputException("%s, line %d: section [%s] is not supported; expected one of %s"
                        .formatted(cfg.source(), section.line(), section.name(), SUPPORTED));
        };
    }

    private void checkNet(CfgSection net) {
        if (net.integer("channels", INPUT_CHANNELS) != INPUT_CHANNELS) {
            throw net.fail("channels", "expected 3 (RGB)");
        }
    }

    private LayerSpec convolution(CfgSection section, boolean beforeHead) {
        int size = section.integer("size", 1);
        int step = section.integer("stride", 1);
        int padding = section.integer("pad", 0) != 0 ? size / 2 : section.integer("padding", 0);
        if (2 * padding != size - 1) {
            throw section.fail("size", "without padding that keeps the grid; expected an odd size and pad=1");
        }
        String activation = section.text("activation", "linear");
        if (!activation.equals("leaky") && !activation.equals("linear")) {
            throw section.fail("activation", "not supported; expected leaky or linear");
        }
        boolean batchNorm = section.integer("batch_normalize", 0) != 0;
        int channels = section.integer("filters", 1);
        if (beforeHead) {
            channels = headChannels(section, activation, batchNorm);
        }
        return new LayerSpec.Convolution(
                previousChannels(),
                channels,
                size,
                step,
                padding,
                batchNorm,
                activation.equals("leaky"),
                previousStride() * step);
    }

    /** The head decides how many channels the convolution before it must have: three anchors, five values and the classes each. */
    private int headChannels(CfgSection section, String activation, boolean batchNorm) {
        if (!activation.equals("linear") || batchNorm) {
            throw section.fail("activation", "the convolution before [yolo] must be linear, without batch norm");
        }
        CfgSection yolo = cfg.sections().get(layers.size() + 2);
        return yolo.integers("mask").length * (5 + classes);
    }

    private LayerSpec maxPool(CfgSection section) {
        int step = section.integer("stride", 1);
        int size = section.integer("size", step);
        if (step != 1 && step != size) {
            throw section.fail("stride", "not supported; expected 1 or the size, " + size);
        }
        return new LayerSpec.MaxPool(previousChannels(), size, step, previousStride() * step);
    }

    private LayerSpec upsample(CfgSection section) {
        int factor = section.integer("stride", 2);
        if (previousStride() % factor != 0) {
            throw section.fail("stride", "makes the grid finer than the input");
        }
        return new LayerSpec.Upsample(previousChannels(), factor, previousStride() / factor);
    }

    private LayerSpec route(CfgSection section) {
        List<Integer> from = IntStream.of(section.integers("layers"))
                .map(layer -> absolute(section, "layers", layer))
                .boxed()
                .toList();
        int stride = layers.get(from.get(0)).stride();
        int channels = 0;
        for (int layer : from) {
            if (layers.get(layer).stride() != stride) {
                throw section.fail("layers", "joins layers whose grids differ");
            }
            channels += layers.get(layer).channels();
        }
        return new LayerSpec.Route(from, channels, stride);
    }

    private LayerSpec shortcut(CfgSection section) {
        int from = absolute(section, "from", section.integer("from", -1));
        if (!section.text("activation", "linear").equals("linear")) {
            throw section.fail("activation", "not supported in [shortcut]; expected linear");
        }
        LayerSpec other = layers.get(from);
        if (other.channels() != previousChannels() || other.stride() != previousStride()) {
            throw section.fail("from", "adds layers whose shapes differ");
        }
        return new LayerSpec.Shortcut(from, other.channels(), other.stride());
    }

    private LayerSpec yolo(CfgSection section) {
        float[] sizes = anchorSizes(section);
        int count = section.integer("num", sizes.length / 2);
        if (sizes.length != 2 * count) {
            throw section.fail("anchors", "expected a width and a height for each of " + count + " anchors");
        }
        List<Anchor> ownAnchors = new ArrayList<>();
        for (int index : section.integers("mask")) {
            if (index < 0 || index >= count) {
                throw section.fail("mask", "expected anchors 0 to " + (count - 1));
            }
            ownAnchors.add(new Anchor(sizes[2 * index], sizes[2 * index + 1]));
        }
        section.has("classes"); // The data set decides; the file's number is only what it was written for.
        YoloHead head = new YoloHead(List.copyOf(ownAnchors), classes, previousStride());
        if (previousChannels() != head.channels()) {
            throw section.fail(
                    "mask",
                    "the layer before gives %d channels, expected %d from a [convolutional]"
                            .formatted(previousChannels(), head.channels()));
        }
        return new LayerSpec.Yolo(head, previousChannels(), previousStride());
    }

    /** Width and height of every anchor of the file, or of the recipe. */
    private float[] anchorSizes(CfgSection section) {
        float[] sizes = section.floats("anchors");
        if (anchors.isEmpty()) {
            return sizes;
        }
        if (anchors.size() != sizes.length) {
            throw new InputException("model.anchors has %d numbers, expected %d as in %s, line %d"
                    .formatted(anchors.size(), sizes.length, cfg.source(), section.line()));
        }
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = anchors.get(i).floatValue();
        }
        return sizes;
    }

    private int absolute(CfgSection section, String key, int layer) {
        int number = layer < 0 ? layers.size() + layer : layer;
        if (number < 0 || number >= layers.size()) {
            throw section.fail(key, "no such earlier layer; this is layer " + layers.size());
        }
        return number;
    }

    private int previousChannels() {
        return layers.isEmpty() ? INPUT_CHANNELS : layers.get(layers.size() - 1).channels();
    }

    private int previousStride() {
        return layers.isEmpty() ? 1 : layers.get(layers.size() - 1).stride();
    }

    private void refuseUnused(CfgSection section) {
        for (String key : section.unusedKeys()) {
            throw section.fail(key, "option not supported");
        }
    }
}
