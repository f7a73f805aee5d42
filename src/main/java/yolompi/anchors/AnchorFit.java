package yolompi.anchors;

import java.util.Arrays;

/**
 * How well anchors fit boxes. Only shapes count, as if all boxes and anchors had the same center.
 *
 * @param recall best possible recall: fraction of the boxes with a matching anchor. An anchor
 *     matches if the ratios of the widths and of the heights are both between 1 /
 *     {@value #MAX_RATIO} and {@value #MAX_RATIO}, exclusive (the metric of Ultralytics'
 *     autoanchor)
 * @param anchorsWithin mean number of matching anchors per box
 * @param meanIou mean over the boxes of the IoU with the best anchor
 * @param overHalf fraction of the boxes whose best anchor has an IoU above 0.5
 * @param boxesOfAnchor number of boxes for which each anchor is the best; ties go to the first, as
 *     in training
 */
public record AnchorFit(double recall, double anchorsWithin, double meanIou, double overHalf, int[] boxesOfAnchor) {
    public static final int MAX_RATIO = 4;

    /**
     * Measures anchors.
     *
     * @param boxes at least one
     * @param anchors {@code [A,2]}: width, height in input pixels; at least one
     */
    public static AnchorFit of(BoxShapes boxes, float[] anchors) {
        float[] best = new float[boxes.count()];
        int[] nearest = new int[boxes.count()];
        nearest(boxes, anchors, best, nearest);
        int[] boxesOfAnchor = new int[anchors.length / 2];
        int overHalf = 0;
        for (int box = 0; box < best.length; box++) {
            boxesOfAnchor[nearest[box]]++;
            overHalf += best[box] > 0.5f ? 1 : 0;
        }
        int[] within = within(boxes, anchors);
        double boxCount = boxes.count();
        return new AnchorFit(
                recall(within), Arrays.stream(within).sum() / boxCount, mean(best), overHalf / boxCount, boxesOfAnchor);
    }

    /** The mean of the best IoUs; {@code best}, {@code [M]}, is overwritten with them. */
    static double meanIou(BoxShapes boxes, float[] anchors, float[] best) {
        Arrays.fill(best, 0);
        float[] widths = boxes.widths();
        float[] heights = boxes.heights();
        for (int anchor = 0; anchor < anchors.length; anchor += 2) {
            float width = anchors[anchor];
            float height = anchors[anchor + 1];
            // Without branches, so that the compiler vectorizes the loop.
            for (int box = 0; box < best.length; box++) {
                float shared = Math.min(width, widths[box]) * Math.min(height, heights[box]);
                float iou = shared / (width * height + widths[box] * heights[box] - shared);
                best[box] = Math.max(best[box], iou);
            }
        }
        return mean(best);
    }

    /**
     * The mean of the best IoUs. Writes the best IoU of each box to {@code best}, {@code [M]}, and
     * the index of its anchor to {@code nearest}.
     */
    static double nearest(BoxShapes boxes, float[] anchors, float[] best, int[] nearest) {
        Arrays.fill(best, -1);
        for (int anchor = 0; anchor < anchors.length / 2; anchor++) {
            for (int box = 0; box < best.length; box++) {
                float iou =
                        iou(anchors[2 * anchor], anchors[2 * anchor + 1], boxes.widths()[box], boxes.heights()[box]);
                if (iou > best[box]) {
                    best[box] = iou;
                    nearest[box] = anchor;
                }
            }
        }
        return mean(best);
    }

    static double recall(BoxShapes boxes, float[] anchors) {
        return recall(within(boxes, anchors));
    }

    private static double recall(int[] within) {
        return (double) Arrays.stream(within).filter(anchors -> anchors > 0).count() / within.length;
    }

    /** For each box the number of matching anchors, as {@link #recall} defines them. */
    private static int[] within(BoxShapes boxes, float[] anchors) {
        int[] within = new int[boxes.count()];
        for (int anchor = 0; anchor < anchors.length; anchor += 2) {
            for (int box = 0; box < within.length; box++) {
                boolean alike =
                        alike(anchors[anchor], boxes.widths()[box]) && alike(anchors[anchor + 1], boxes.heights()[box]);
                within[box] += alike ? 1 : 0;
            }
        }
        return within;
    }

    private static boolean alike(float edge, float other) {
        return edge < MAX_RATIO * other && other < MAX_RATIO * edge;
    }

    private static float iou(float width, float height, float otherWidth, float otherHeight) {
        float shared = Math.min(width, otherWidth) * Math.min(height, otherHeight);
        return shared / (width * height + otherWidth * otherHeight - shared);
    }

    private static double mean(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum / values.length;
    }
}
