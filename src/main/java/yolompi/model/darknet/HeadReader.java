package yolompi.model.darknet;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import yolompi.InputException;
import yolompi.model.LayerSpec;
import yolompi.model.YoloHead;
import yolompi.model.YoloHead.Anchor;

/** Reads the {@code [yolo]} sections of a file. */
final class HeadReader {
    private static final int VALUES_BESIDE_CLASSES = 5;

    private final String source;
    private final List<Double> anchors;
    private final int classes;

    /**
     * Creates a reader for all heads of a file.
     *
     * @param anchors replace those of the file, input pixels; empty: keep those of the file
     */
    HeadReader(String source, List<Double> anchors, int classes) {
        this.source = source;
        this.anchors = anchors;
        this.classes = classes;
    }

    /** Channels that the layer before the head must have. */
    int channels(CfgSection section) {
        long channels = mask(section).length * ((long) VALUES_BESIDE_CLASSES + classes);
        if (channels > LayerSpec.MAX_CHANNELS) {
            throw section.fail(
                    "mask",
                    "with %,d classes the previous layer needs %,d channels; expected at most %,d"
                            .formatted(classes, channels, LayerSpec.MAX_CHANNELS));
        }
        return (int) channels;
    }

    /**
     * Reads a section.
     *
     * @param inChannels channels of the layer before
     * @param stride total stride of the layer before
     */
    LayerSpec.Yolo read(CfgSection section, int inChannels, int stride) {
        YoloHead head = new YoloHead(ownAnchors(section), classes, stride, section.number("scale_x_y", 1));
        if (!(head.centerScale() >= 1)) {
            throw section.fail("scale_x_y", "expected 1 or more; otherwise no center can reach an edge of its cell");
        }
        if (inChannels != head.channels()) {
            throw section.fail(
                    "mask",
                    "the previous layer has %d channels; expected %d from a [convolutional]"
                            .formatted(inChannels, head.channels()));
        }
        return new LayerSpec.Yolo(head, inChannels, stride);
    }

    private List<Anchor> ownAnchors(CfgSection section) {
        float[] sizes = anchorSizes(section);
        int count = count(section);
        if (sizes.length != 2 * count) {
            throw section.fail("anchors", "expected a width and a height for each of " + count + " anchors");
        }
        for (float edge : sizes) {
            if (!(edge > 0)) {
                throw section.fail("anchors", "expected widths and heights above 0");
            }
        }
        List<Anchor> own = new ArrayList<>();
        for (int index : mask(section)) {
            if (index < 0 || index >= count) {
                throw section.fail("mask", "expected anchor numbers 0 to " + (count - 1));
            }
            own.add(new Anchor(sizes[2 * index], sizes[2 * index + 1]));
        }
        return List.copyOf(own);
    }

    private static int count(CfgSection section) {
        return section.integer("num", section.floats("anchors").length / 2);
    }

    /**
     * Numbers of the anchors that the head uses: its {@code mask}, or all anchors if it has none.
     */
    static int[] mask(CfgSection section) {
        return section.has("mask")
                ? section.integers("mask")
                : IntStream.range(0, count(section)).toArray();
    }

    /** Widths and heights of all anchors, from the recipe if it has any, else from the file. */
    private float[] anchorSizes(CfgSection section) {
        float[] sizes = section.floats("anchors");
        if (anchors.isEmpty()) {
            return sizes;
        }
        if (anchors.size() != sizes.length) {
            throw new InputException("model.anchors has %d numbers, expected %d as in %s, line %d"
                    .formatted(anchors.size(), sizes.length, source, section.line()));
        }
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = anchors.get(i).floatValue();
        }
        return sizes;
    }
}
