package yolompi.detect;

import java.util.Arrays;
import yolompi.geometry.Box;

/**
 * A growing list of boxes with one array per corner coordinate, for loops over millions of pairs.
 */
final class Boxes {
    private static final int FIRST_ROOM = 64;

    private float[] x1 = new float[FIRST_ROOM];
    private float[] y1 = new float[FIRST_ROOM];
    private float[] x2 = new float[FIRST_ROOM];
    private float[] y2 = new float[FIRST_ROOM];
    private float[] area = new float[FIRST_ROOM];
    private int count;

    int count() {
        return count;
    }

    /** Adds the box whose x1, y1, x2, y2 start at index {@code at} of {@code values}. */
    void add(float[] values, int at) {
        add(values[at], values[at + 1], values[at + 2], values[at + 3]);
    }

    /** Adds a box of another list. */
    void add(Boxes other, int index) {
        add(other.x1[index], other.y1[index], other.x2[index], other.y2[index]);
    }

    private void add(float left, float top, float right, float bottom) {
        if (count == x1.length) {
            x1 = Arrays.copyOf(x1, 2 * count);
            y1 = Arrays.copyOf(y1, 2 * count);
            x2 = Arrays.copyOf(x2, 2 * count);
            y2 = Arrays.copyOf(y2, 2 * count);
            area = Arrays.copyOf(area, 2 * count);
        }
        x1[count] = left;
        y1[count] = top;
        x2[count] = right;
        y2[count] = bottom;
        area[count++] = (right - left) * (bottom - top);
    }

    float x1(int index) {
        return x1[index];
    }

    float y1(int index) {
        return y1[index];
    }

    float x2(int index) {
        return x2[index];
    }

    float y2(int index) {
        return y2[index];
    }

    /**
     * The smallest x1 of all boxes; {@link #top}, {@link #right} and {@link #bottom} are the other
     * bounds.
     */
    float left() {
        return least(x1);
    }

    float top() {
        return least(y1);
    }

    float right() {
        return most(x2);
    }

    float bottom() {
        return most(y2);
    }

    private float least(float[] values) {
        float least = Float.POSITIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            least = Math.min(least, values[i]);
        }
        return least;
    }

    private float most(float[] values) {
        float most = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            most = Math.max(most, values[i]);
        }
        return most;
    }

    Box get(int index) {
        return new Box(x1[index], y1[index], x2[index], y2[index]);
    }

    /**
     * Index of the first box, starting at {@code from}, whose IoU with a box of another list
     * exceeds {@code limit}; the count if there is none.
     */
    int firstOver(float limit, int from, Boxes other, int index) {
        for (int i = from; i < count; i++) {
            if (iou(i, other, index) > limit) {
                return i;
            }
        }
        return count;
    }

    /**
     * Sum of the squared IoUs of the boxes, starting at {@code from}, with a box of another list.
     */
    double squaredIous(int from, Boxes other, int index) {
        double sum = 0;
        for (int i = from; i < count; i++) {
            double iou = iou(i, other, index);
            sum += iou * iou;
        }
        return sum;
    }

    /** IoU of one of these boxes and one of another list; 0 if both are empty. */
    float iou(int i, Boxes other, int j) {
        // Most pairs do not overlap. Four signs make one branch, which the CPU predicts well.
        int shares = Float.floatToRawIntBits(x1[i] - other.x2[j])
                & Float.floatToRawIntBits(other.x1[j] - x2[i])
                & Float.floatToRawIntBits(y1[i] - other.y2[j])
                & Float.floatToRawIntBits(other.y1[j] - y2[i]);
        if (shares >= 0) {
            return 0;
        }
        float width = Math.min(x2[i], other.x2[j]) - Math.max(x1[i], other.x1[j]);
        float height = Math.min(y2[i], other.y2[j]) - Math.max(y1[i], other.y1[j]);
        float shared = width * height;
        return shared / (area[i] + other.area[j] - shared);
    }

    /**
     * Squared distance of the centers of two boxes divided by the squared diagonal of the smallest
     * box that encloses both, 0 to 1.
     */
    float distance(int i, Boxes other, int j) {
        float width = Math.max(x2[i], other.x2[j]) - Math.min(x1[i], other.x1[j]);
        float height = Math.max(y2[i], other.y2[j]) - Math.min(y1[i], other.y1[j]);
        float right = (other.x1[j] + other.x2[j] - x1[i] - x2[i]) / 2;
        float down = (other.y1[j] + other.y2[j] - y1[i] - y2[i]) / 2;
        float diagonal = width * width + height * height;
        return diagonal > 0 ? (right * right + down * down) / diagonal : 0;
    }
}
