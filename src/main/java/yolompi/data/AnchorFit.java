package yolompi.data;

import java.util.Arrays;

/**
 * How well anchors fit boxes; shapes alone count, as if all had the same centre.
 *
 * @param recall best possible recall: part of the boxes with an anchor whose width and whose height
 *     are both less than {@value #MOST_RATIO} times theirs and more than 1 / {@value #MOST_RATIO}
 *     of them (the metric of ultralytics' autoanchor)
 * @param anchorsWithin number of such anchors of a box, on average
 * @param meanIou mean over the boxes of the best anchor's intersection over union
 * @param overHalf part of the boxes whose best anchor has an IoU above 0.5
 * @param boxesOfAnchor for how many boxes each anchor is the best; of equals the first, as in
 *     training
 */
public record AnchorFit(double recall, double anchorsWithin, double meanIou, double overHalf, int[] boxesOfAnchor) {
    public static final int MOST_RATIO = 4;

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
            // Without branches, so that the compiler takes several boxes at once.
            for (int box = 0; box < best.length; box++) {
                float shared = Math.min(width, widths[box]) * Math.min(height, heights[box]);
                float iou = shared / (width * height + widths[box] * heights[box] - shared);
                best[box] = Math.max(best[box], iou);
            }
        }
        return mean(best);
    }

    /**
     * The mean of the best IoUs, which go to {@code best}, {@code [M]}; and to {@code nearest} the
     * anchors that have them.
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

    /** For each box the number of anchors in the ratio that {@link #recall} asks for. */
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
        return edge < MOST_RATIO * other && other < MOST_RATIO * edge;
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
