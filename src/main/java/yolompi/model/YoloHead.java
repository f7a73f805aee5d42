package yolompi.model;

import java.nio.FloatBuffer;
import java.util.List;

/**
 * One of the network's detection scales.
 *
 * @param anchors the prior boxes of this scale
 * @param classes number of classes
 * @param stride input pixels for one cell
 * @param centerScale how far a box's centre may lie, 1: inside of its cell; above 1 it reaches {@code (centerScale - 1) / 2} cells
 *     beyond, so that edges need no infinite values (Darknet's {@code scale_x_y})
 */
public record YoloHead(List<Anchor> anchors, int classes, int stride, float centerScale) {
    /** A head as in the paper. */
    public YoloHead(List<Anchor> anchors, int classes, int stride) {
        this(anchors, classes, stride, 1);
    }

    /** Width and height of a prior box, input pixels. */
    public record Anchor(float width, float height) {
        /** IoU of two boxes with the same centre. */
        public float iou(float otherWidth, float otherHeight) {
            float shared = Math.min(width, otherWidth) * Math.min(height, otherHeight);
            return shared / (width * height + otherWidth * otherHeight - shared);
        }
    }

    /** Values that the network gives for one anchor of one cell: x, y, w, h, objectness, one a class. */
    public int valuesPerAnchor() {
        return 5 + classes;
    }

    /** Channels of the raw output. */
    public int channels() {
        return anchors.size() * valuesPerAnchor();
    }

    /**
     * Column, row and anchor size of each predictor of one image, {@code [G*G*A, 4]}, in the order row, column, anchor.
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
