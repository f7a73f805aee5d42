package yolompi.anchors;

/**
 * A quick check whether the anchors of a recipe fit its boxes.
 *
 * @param fit fit of the anchors
 * @param reachableIou mean best IoU of the same number of anchors from {@link AnchorKMeans}, on a
 *     subset of the boxes
 */
public record AnchorCheck(AnchorFit fit, double reachableIou) {
    /** Below this bound Ultralytics' autoanchor computes new anchors. */
    public static final double MIN_RECALL = 0.98;

    /**
     * On VOC 2007, the nine hand-picked anchors of Faster R-CNN reach a mean best IoU of 0.609,
     * nine clusters 0.672 (YOLO9000, table 1). So carefully chosen anchors come within this
     * difference.
     */
    public static final double MAX_LOSS = 0.1;

    private static final int MAX_BOXES = 5_000;

    /**
     * Checks anchors.
     *
     * @param boxes at least one
     * @param anchors {@code [A,2]}: width, height in input pixels; at least one
     */
    public static AnchorCheck of(BoxShapes boxes, float[] anchors) {
        BoxShapes some = boxes.thinned(MAX_BOXES);
        float[] reachable = new AnchorSearch(anchors.length / 2, 0, 0).fitTo(some);
        return new AnchorCheck(
                AnchorFit.of(boxes, anchors), AnchorFit.of(some, reachable).meanIou());
    }

    /** Whether new anchors are worthwhile. */
    public boolean isPoor() {
        return fit.recall() < MIN_RECALL || reachableIou - fit.meanIou() > MAX_LOSS;
    }
}
