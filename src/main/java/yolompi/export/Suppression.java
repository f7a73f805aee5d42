package yolompi.export;

import yolompi.detect.DetectionRule;

/**
 * NMS as part of an exported model, with the result of {@link yolompi.detect.Detector}.
 *
 * @param confidence boxes with this score or a lower one are dropped first, 0 to 1
 * @param maxIou NMS threshold: of two boxes of a class with a higher IoU, the better one is kept
 * @param maxDetections maximum number of boxes per image; the best are kept
 */
public record Suppression(double confidence, double maxIou, int maxDetections) {
    public Suppression {
        DetectionRule.greedy(confidence, maxIou, maxDetections); // checks the ranges
    }

    /**
     * The largest float that does not exceed {@link #maxIou}: see {@link DetectionRule#iouBound}.
     */
    float iouBound() {
        return DetectionRule.iouBound(maxIou);
    }
}
