package yolompi.data;

/**
 * Whether a recipe's anchors suit its boxes, found out in a moment.
 *
 * @param fit of the anchors
 * @param reachableIou mean best IoU of as many anchors from {@link ShapeClusters}, on some of the
 *     boxes
 */
public record AnchorCheck(AnchorFit fit, double reachableIou) {
    /** Ultralytics' own bound: below it their autoanchor makes new ones. */
    public static final double LEAST_RECALL = 0.98;

    /**
     * Nine hand-picked anchors of Faster R-CNN reach a mean best IoU of 0.609 on VOC 2007, nine
     * clusters 0.672 (YOLO9000, table 1): anchors that were made with some care come this near, and
     * fit.
     */
    public static final double MOST_LOSS = 0.1;

    private static final int MOST_BOXES = 5_000;

    /**
     * Checks anchors.
     *
     * @param boxes at least one
     * @param anchors {@code [A,2]}: width, height in input pixels; at least one
     */
    public static AnchorCheck of(BoxShapes boxes, float[] anchors) {
        BoxShapes some = boxes.thinned(MOST_BOXES);
        float[] reachable = new AnchorSearch(anchors.length / 2, 0, 0).fitTo(some);
        return new AnchorCheck(
                AnchorFit.of(boxes, anchors), AnchorFit.of(some, reachable).meanIou());
    }

    /** Whether other anchors would be worth it. */
    public boolean isPoor() {
        return fit.recall() < LEAST_RECALL || reachableIou - fit.meanIou() > MOST_LOSS;
    }
}
