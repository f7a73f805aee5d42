package yolompi.export;

import yolompi.InputException;
import yolompi.detect.DetectionRule;

/**
 * Non-maximum suppression as part of an exported model, as {@link yolompi.detect.Detector} does it.
 *
 * @param confidence boxes with this score or a lower one are dropped first, 0 to 1
 * @param maxIou of two boxes of one class that overlap by more, the better one stays
 * @param maxDetections boxes kept for each image, the best first
 */
public record Suppression(double confidence, double maxIou, int maxDetections) {
    private static final int MOST_DETECTIONS = 100_000;

    public Suppression {
        within("--confidence", confidence);
        within("--nms-iou", maxIou);
        if (maxDetections < 1 || maxDetections > MOST_DETECTIONS) {
            throw new InputException("--max-detections %d: expected 1 to %d".formatted(maxDetections, MOST_DETECTIONS));
        }
    }

    /** The float that any float exceeds which exceeds {@link #maxIou}. */
    float iouBound() {
        return DetectionRule.iouBound(maxIou);
    }

    private static void within(String option, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new InputException(option + " " + value + ": expected 0 to 1");
        }
    }
}
