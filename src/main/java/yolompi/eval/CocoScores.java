package yolompi.eval;

import java.util.List;

/**
 * How good detections are by COCO's measure. Every number is 0 to 1, or -1 where there is nothing to find.
 *
 * @param numbers the twelve that pycocotools prints, in the order of {@link #NUMBERS}
 * @param classes one for each category, in their order
 */
public record CocoScores(double[] numbers, List<ClassScores> classes) {
    /** Average precision (AP) by overlap and by size of the objects, average recall (AR) by detections in an image and by size. */
    public static final List<String> NUMBERS = List.of(
            "AP",
            "AP50",
            "AP75",
            "AP small",
            "AP medium",
            "AP large",
            "AR 1",
            "AR 10",
            "AR 100",
            "AR small",
            "AR medium",
            "AR large");

    public CocoScores {
        classes = List.copyOf(classes);
    }

    /**
     * One class by itself.
     *
     * @param boxes true boxes that count, crowds left out
     * @param ap50 average precision at IoU 0.5
     * @param ap the same, the mean over IoU 0.50, 0.55 … 0.95
     */
    public record ClassScores(int boxes, double ap50, double ap) {}

    /** Mean average precision at IoU 0.5; 0 where there is nothing to find. */
    public double map50() {
        return Math.max(0, numbers[1]);
    }

    /** Mean average precision, the mean over IoU 0.50, 0.55 … 0.95; 0 where there is nothing to find. */
    public double map5095() {
        return Math.max(0, numbers[0]);
    }
}
