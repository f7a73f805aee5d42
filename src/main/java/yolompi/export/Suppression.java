package yolompi.export;

import yolompi.detect.DetectionRule;

/**
 * Non-maximum suppression as part of an exported model, as {@link yolompi.detect.Detector} does it.
 *
 * @param confidence boxes with this score or a lower one are dropped first, 0 to 1
 * @param maxIou of two boxes of one class that overlap by more, the better one stays
 * @param maxDetections boxes kept for each image, the best first
 */
public record Suppression(double confidence, double maxIou, int maxDetections) {
    public Suppression {
        DetectionRule.greedy(confidence, maxIou, maxDetections); // which refuses what makes no sense
    }

    /** The float that any float exceeds which exceeds {@link #maxIou}. */
    float iouBound() {
        return DetectionRule.iouBound(maxIou);
    }
}
