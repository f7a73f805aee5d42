package yolompi.detect;

import java.util.Arrays;

/**
 * Non-maximum suppression: of detections that overlap, the best one stays. On arrays, since an untrained network proposes tens of thousands
 * of boxes for an image.
 */
public final class Nms {
    private Nms() {}

    /**
     * Greedy suppression within each class: takes the boxes best first and drops each one whose IoU with a kept box of its class exceeds
     * {@code maxIou}. Boxes of different classes never drop each other. Equal scores are taken in the order of the arrays.
     *
     * @param boxes float {@code [N,4]}: x1, y1, x2, y2, in any unit
     * @param scores float {@code [N]}, no NaN
     * @param classes int {@code [N]}
     * @param maxIou overlap that two kept boxes of a class may have, 0 to 1
     * @param maxKept at most this many boxes are kept
     * @return indices of the kept boxes, best first
     */
    public static int[] greedy(float[] boxes, float[] scores, int[] classes, double maxIou, int maxKept) {
        if (boxes.length != 4 * scores.length || classes.length != scores.length) {
            throw new IllegalArgumentException("boxes [N,4], scores [N] and classes [N] don't fit together: "
                    + boxes.length + ", " + scores.length + " and " + classes.length + " values");
        }
        int[] kept = new int[Math.min(maxKept, scores.length)];
        int count = 0;
        for (int candidate : ScoreOrder.bestFirst(scores)) {
            if (count == kept.length) {
                break;
            }
            if (!isSuppressed(candidate, kept, count, boxes, classes, maxIou)) {
                kept[count++] = candidate;
            }
        }
        return Arrays.copyOf(kept, count);
    }

    private static boolean isSuppressed(
            int candidate, int[] kept, int count, float[] boxes, int[] classes, double maxIou) {
        for (int k = 0; k < count; k++) {
            if (classes[kept[k]] == classes[candidate] && iou(boxes, 4 * kept[k], 4 * candidate) > maxIou) {
                return true;
            }
        }
        return false;
    }

    /** IoU of the boxes that begin at positions {@code a} and {@code b}; 0 where both are empty. */
    private static float iou(float[] boxes, int a, int b) {
        float width = Math.min(boxes[a + 2], boxes[b + 2]) - Math.max(boxes[a], boxes[b]);
        float height = Math.min(boxes[a + 3], boxes[b + 3]) - Math.max(boxes[a + 1], boxes[b + 1]);
        if (!(width > 0 && height > 0)) {
            return 0;
        }
        float shared = width * height;
        return shared / (area(boxes, a) + area(boxes, b) - shared);
    }

    private static float area(float[] boxes, int at) {
        return (boxes[at + 2] - boxes[at]) * (boxes[at + 3] - boxes[at + 1]);
    }
}
