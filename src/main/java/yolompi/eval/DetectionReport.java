package yolompi.eval;

import java.util.List;
import java.util.Optional;
import yolompi.eval.metric.CocoMetrics;
import yolompi.eval.metric.CocoScores;
import yolompi.eval.metric.ConfusionMatrix;
import yolompi.eval.metric.DetectionCurves;
import yolompi.eval.metric.DetectionSet;
import yolompi.eval.metric.ErrorSplit;
import yolompi.eval.metric.VocMetrics;

/**
 * All detection metrics: what {@code eval} and {@code score} print and write.
 *
 * @param images number of images
 * @param categories the classes, in the order of all lists by class
 * @param voc VOC's metrics, if requested; then all metrics except {@code coco} ignore difficult
 *     boxes
 * @param confusion at the confidence of the best F1 over all classes, and IoU 0.5
 * @param errors at the same confidence
 */
public record DetectionReport(
        int images,
        List<DetectionSet.Category> categories,
        CocoScores coco,
        Optional<VocMetrics.Scores> voc,
        DetectionCurves curves,
        ConfusionMatrix confusion,
        ErrorSplit errors) {
    private static final double MIN_IOU = 0.5;

    /** Computes all metrics with COCO's protocol. */
    public static DetectionReport of(DetectionSet set) {
        return of(set, CocoMetrics.measure(set));
    }

    /** Computes the other metrics for known COCO metrics of the set. */
    public static DetectionReport of(DetectionSet set, CocoScores coco) {
        return of(set, set, coco, Optional.empty());
    }

    /** Computes all metrics with COCO's and VOC's protocol. */
    public static DetectionReport of(DetectionSet set, VocMetrics.Protocol protocol) {
        return of(
                set, set.ignoringDifficult(), CocoMetrics.measure(set), Optional.of(VocMetrics.measure(set, protocol)));
    }

    private static DetectionReport of(
            DetectionSet set, DetectionSet judged, CocoScores coco, Optional<VocMetrics.Scores> voc) {
        DetectionCurves curves = DetectionCurves.of(judged);
        double confidence = curves.overall().best().confidence();
        return new DetectionReport(
                set.imageCount(),
                set.categories(),
                coco,
                voc,
                curves,
                ConfusionMatrix.of(judged, confidence, MIN_IOU),
                ErrorSplit.of(judged, confidence));
    }
}
