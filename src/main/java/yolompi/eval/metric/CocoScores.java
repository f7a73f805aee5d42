package yolompi.eval.metric;

import java.util.List;

/**
 * COCO's detection metrics. Every value is 0 to 1, or -1 without ground truth.
 *
 * @param numbers the twelve values that pycocotools prints, in the order of {@link #NUMBERS}
 * @param classes one for each category, in order
 */
public record CocoScores(double[] numbers, List<ClassScores> classes) {
    /**
     * Average precision (AP) by IoU and by object size; average recall (AR) by detections per image
     * and by object size.
     */
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
     * Metrics of one class.
     *
     * @param boxes number of ground-truth boxes without crowds
     * @param ap50 average precision at IoU 0.5
     * @param ap average precision, mean over IoU 0.50, 0.55 … 0.95
     */
    public record ClassScores(int boxes, double ap50, double ap) {}

    /** Mean average precision at IoU 0.5; 0 without ground truth. */
    public double map50() {
        return Math.max(0, numbers[1]);
    }

    /** Mean average precision, mean over IoU 0.50, 0.55 … 0.95; 0 without ground truth. */
    public double map5095() {
        return Math.max(0, numbers[0]);
    }
}
