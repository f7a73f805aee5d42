package yolompi.eval;

import java.util.List;
import java.util.Optional;

/**
 * All that can be said about detections: what {@code eval} and {@code score} print and write.
 *
 * @param categories the classes, in whose order all lists by class are
 * @param voc VOC's measure, where it was asked for; then difficult boxes are ignored everywhere but in {@code coco}
 * @param confusion at the confidence of the best F1 over all, and IoU 0.5
 * @param errors at the same confidence
 */
public record DetectionReport(
        int images,
        List<Category> categories,
        CocoScores coco,
        Optional<VocScores> voc,
        DetectionCurves curves,
        ConfusionMatrix confusion,
        ErrorSplit errors) {
    private static final double MIN_IOU = 0.5;

    /** Measures by COCO's protocol. */
    public static DetectionReport of(DetectionSet set) {
        return of(set, CocoMetrics.measure(set));
    }

    /** The same where COCO's numbers of the set are known already. */
    public static DetectionReport of(DetectionSet set, CocoScores coco) {
        return of(set, set, coco, Optional.empty());
    }

    /** Measures by COCO's protocol, and by VOC's too. */
    public static DetectionReport of(DetectionSet set, VocProtocol protocol) {
        return of(
                set, set.ignoringDifficult(), CocoMetrics.measure(set), Optional.of(VocMetrics.measure(set, protocol)));
    }

    private static DetectionReport of(DetectionSet set, DetectionSet judged, CocoScores coco, Optional<VocScores> voc) {
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
