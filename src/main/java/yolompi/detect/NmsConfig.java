package yolompi.detect;

import yolompi.WrongUsageException;
import yolompi.recipe.EvalRecipe;
import yolompi.recipe.EvalRecipe.Nms;

/**
 * Thresholds and NMS settings that turn predictions into detections.
 *
 * @param confidence boxes with this score or a lower one are dropped, 0 to 1
 * @param nms NMS variant
 * @param maxIou NMS threshold: two boxes of a class with a higher IoU are one object, 0 to 1
 * @param classAgnostic whether boxes of different classes suppress each other too
 * @param multiLabel whether one box may be detected as several classes, as in Darknet; otherwise
 *     only as its best class
 * @param maxDetections maximum number of boxes per image; the best are kept
 */
public record NmsConfig(
        double confidence, Nms nms, double maxIou, boolean classAgnostic, boolean multiLabel, int maxDetections) {
    /** For images that people look at: only fairly certain detections. */
    public static final NmsConfig FOR_DISPLAY = greedy(0.25, 0.45, 300);

    private static final int MAX_DETECTIONS = 100_000;

    public NmsConfig {
        checkPart("--confidence", confidence);
        checkPart("--nms-iou", maxIou);
        if (maxDetections < 1 || maxDetections > MAX_DETECTIONS) {
            throw new WrongUsageException(
                    "--max-detections %d: expected 1 to %d".formatted(maxDetections, MAX_DETECTIONS));
        }
    }

    /** The settings with which a recipe evaluates. */
    public static NmsConfig of(EvalRecipe recipe) {
        return new NmsConfig(
                recipe.confidence(),
                recipe.nms(),
                recipe.nmsIou(),
                recipe.classAgnostic(),
                recipe.multiLabel(),
                recipe.maxDetections());
    }

    /** The settings of Darknet, the original YOLOv3 program: greedy NMS per class. */
    public static NmsConfig greedy(double confidence, double maxIou, int maxDetections) {
        return new NmsConfig(confidence, Nms.GREEDY, maxIou, false, true, maxDetections);
    }

    /**
     * The largest float that does not exceed {@code maxIou}. A float exceeds one exactly if it
     * exceeds the other.
     */
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
