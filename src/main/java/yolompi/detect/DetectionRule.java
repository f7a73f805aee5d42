package yolompi.detect;

import yolompi.WrongUsageException;
import yolompi.recipe.EvalRecipe;
import yolompi.recipe.EvalRecipe.Nms;

/**
 * Which boxes of those that a network proposes count as found.
 *
 * @param confidence boxes with this score or a lower one are dropped, 0 to 1
 * @param nms how boxes of one object become one
 * @param maxIou overlap up to which two boxes of a class may both stay, 0 to 1
 * @param classAgnostic whether boxes of different classes suppress each other too
 * @param multiLabel whether a box may be found as several classes, as in Darknet; otherwise as its best one alone
 * @param maxDetections boxes kept for each image, the best first
 */
public record DetectionRule(
        double confidence, Nms nms, double maxIou, boolean classAgnostic, boolean multiLabel, int maxDetections) {
    /** For pictures that people look at: what is more likely there than not. */
    public static final DetectionRule FOR_PICTURES = greedy(0.25, 0.45, 300);

    private static final int MOST_DETECTIONS = 100_000;

    public DetectionRule {
        checkPart("--confidence", confidence);
        checkPart("--nms-iou", maxIou);
        if (maxDetections < 1 || maxDetections > MOST_DETECTIONS) {
            throw new WrongUsageException(
                    "--max-detections %d: expected 1 to %d".formatted(maxDetections, MOST_DETECTIONS));
        }
    }

    /** As a recipe evaluates. */
    public static DetectionRule of(EvalRecipe recipe) {
        return new DetectionRule(
                recipe.confidence(),
                recipe.nms(),
                recipe.nmsIou(),
                recipe.classAgnostic(),
                recipe.multiLabel(),
                recipe.maxDetections());
    }

    /** As Darknet, YOLOv3's own program: greedy, each class for itself. */
    public static DetectionRule greedy(double confidence, double maxIou, int maxDetections) {
        return new DetectionRule(confidence, Nms.GREEDY, maxIou, false, true, maxDetections);
    }

    /** The float that any float exceeds which exceeds a limit of the IoU. */
    public static float iouBound(double maxIou) {
        float nearest = (float) maxIou;
        return nearest > maxIou ? Math.nextDown(nearest) : nearest;
    }

    private static void checkPart(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new WrongUsageException(name + " " + value + ": expected 0 to 1");
        }
    }
}
