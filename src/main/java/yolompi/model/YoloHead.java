package yolompi.model;

import java.nio.FloatBuffer;
import java.util.List;

/**
 * A detection head: one scale of the network.
 *
 * @param anchors anchors of this scale
 * @param classes number of classes
 * @param stride input pixels per cell
 * @param centerScale range of the box center (Darknet's {@code scale_x_y}): 1 keeps it inside its
 *     cell; a larger value lets it reach {@code (centerScale - 1) / 2} cells beyond, so that
 *     centers on cell edges need no infinite raw values
 */
public record YoloHead(List<Anchor> anchors, int classes, int stride, float centerScale) {
    /** Creates a head as in the YOLOv3 paper, with a center scale of 1. */
    public YoloHead(List<Anchor> anchors, int classes, int stride) {
        this(anchors, classes, stride, 1);
    }

    /** Width and height of an anchor, input pixels. */
    public record Anchor(float width, float height) {
        /** IoU of two boxes with the same center. */
        public float iou(float otherWidth, float otherHeight) {
            float shared = Math.min(width, otherWidth) * Math.min(height, otherHeight);
            return shared / (width * height + otherWidth * otherHeight - shared);
        }
    }

    /** Values of one predictor: x, y, w, h, objectness, and one per class. */
    public int valuesPerAnchor() {
        return 5 + classes;
    }

    /** Channels of the raw output. */
    public int channels() {
        return anchors.size() * valuesPerAnchor();
    }

    /**
     * Column and row of the cell and width and height of the anchor of each predictor of one image,
     * {@code [G*G*A, 4]}, in the order row, column, anchor.
     *
     * @param cells along one edge, G
     */
    public float[] grid(int cells) {
        FloatBuffer values = FloatBuffer.allocate(Math.toIntExact(4L * cells * cells * anchors.size()));
        for (int row = 0; row < cells; row++) {
            for (int column = 0; column < cells; column++) {
                for (Anchor anchor : anchors) {
                    values.put(column).put(row).put(anchor.width()).put(anchor.height());
                }
            }
        }
        return values.array();
    }

    /** Cells along one edge for a square input of {@code size} pixels. */
    public int cells(int size) {
        return size / stride;
    }
}
