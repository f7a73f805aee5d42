package yolompi.report.image;

import java.util.OptionalDouble;
import yolompi.geometry.Box;

/**
 * A box to draw.
 *
 * @param classId gives the color, from 0
 * @param name of the class; not drawn for ground truth
 * @param score of a prediction, 0 to 1; empty for ground truth
 * @param box in pixels of the image
 */
public record DrawnBox(int classId, String name, OptionalDouble score, Box box) {
    /** A ground-truth box. */
    public static DrawnBox groundTruth(int classId, Box box) {
        return new DrawnBox(classId, "", OptionalDouble.empty(), box);
    }

    /** A predicted box. */
    public static DrawnBox prediction(int classId, String name, float score, Box box) {
        return new DrawnBox(classId, name, OptionalDouble.of(score), box);
    }

    boolean isGroundTruth() {
        return score.isEmpty();
    }
}
