package yolompi.anchors;

import java.util.Arrays;
import yolompi.data.shard.ShardSet;
import yolompi.geometry.Box;
import yolompi.geometry.LabeledBox;
import yolompi.geometry.Letterbox;

/**
 * Widths and heights of the ground-truth boxes of a data set in the network input, for fitting
 * anchors.
 *
 * @param widths {@code [M]}, input pixels, above 0
 * @param heights {@code [M]}, input pixels, above 0
 * @param images number of images in the set, including those without boxes
 * @param ignored number of skipped boxes that training ignores
 * @param small number of skipped boxes that are below the minimum edge of training
 */
public record BoxShapes(float[] widths, float[] heights, int images, int ignored, int small) {
    /**
     * Letterboxes the boxes of a set; reads nothing from disk.
     *
     * @param size edge of the square input, pixels
     * @param minEdge minimum width and height of a box, input pixels; smaller boxes are skipped
     */
    public static BoxShapes of(ShardSet shards, int size, double minEdge) {
        Collector collected = new Collector();
        for (int image = 0; image < shards.size(); image++) {
            Letterbox letterbox = Letterbox.fit(shards.width(image), shards.height(image), size);
            for (LabeledBox labeled : shards.boxes(image)) {
                collected.add(labeled, letterbox, minEdge);
            }
        }
        return collected.shapes(shards.size());
    }

    /** Number of boxes, M. */
    public int count() {
        return widths.length;
    }

    /** An evenly spaced subset of at most {@code most} boxes. */
    public BoxShapes thinned(int most) {
        int step = Math.max(1, -Math.floorDiv(-count(), most));
        float[] fewWidths = new float[-Math.floorDiv(-count(), step)];
        float[] fewHeights = new float[fewWidths.length];
        for (int i = 0; i < fewWidths.length; i++) {
            fewWidths[i] = widths[i * step];
            fewHeights[i] = heights[i * step];
        }
        return new BoxShapes(fewWidths, fewHeights, images, ignored, small);
    }

    private static final class Collector {
        private float[] widths = new float[1024];
        private float[] heights = new float[1024];
        private int count;
        private int ignored;
        private int small;

        void add(LabeledBox labeled, Letterbox letterbox, double minEdge) {
            Box box = letterbox.toSquare(labeled.box()).clip(letterbox.size(), letterbox.size());
            if (labeled.ignored()) {
                ignored++;
            } else if (box.isEmpty() || box.width() < minEdge || box.height() < minEdge) {
                small++;
            } else {
                if (count == widths.length) {
                    widths = Arrays.copyOf(widths, 2 * count);
                    heights = Arrays.copyOf(heights, 2 * count);
                }
                widths[count] = box.width();
                heights[count++] = box.height();
            }
        }

        BoxShapes shapes(int images) {
            return new BoxShapes(Arrays.copyOf(widths, count), Arrays.copyOf(heights, count), images, ignored, small);
        }
    }
}
