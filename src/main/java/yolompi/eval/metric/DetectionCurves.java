package yolompi.eval.metric;

import java.util.Arrays;
import java.util.List;
import yolompi.eval.metric.CocoMetrics.AreaRange;
import yolompi.eval.metric.ConfidenceCurve.Judged;
import yolompi.eval.metric.ImageMatcher.Outcome;

/**
 * Precision, recall and F1 by confidence, at IoU 0.5, with COCO's matching.
 *
 * @param overall curve of the detections of all classes together
 * @param classes curve of each category, in order
 */
public record DetectionCurves(ConfidenceCurve overall, List<ConfidenceCurve> classes) {
    /** Computes the curves over all images. */
    public static DetectionCurves of(DetectionSet set) {
        List<Judged> classes =
                set.byCategory().stream().map(DetectionCurves::judge).toList();
        return new DetectionCurves(
                ConfidenceCurve.of(Judged.together(classes)),
                classes.stream().map(ConfidenceCurve::of).toList());
    }

    private static Judged judge(ClassBoxes boxes) {
        double[] scores = new double[boxes.found().size()];
        boolean[] right = new boolean[scores.length];
        int count = 0;
        for (ClassBoxes image : boxes.byImage().values()) {
            ClassBoxes best = image.best(CocoMetrics.MAX_DETECTIONS);
            ImageMatcher matcher = new ImageMatcher(best);
            int[] match = matcher.match(AreaRange.ALL, CocoMetrics.threshold(0));
            for (int i = 0; i < match.length; i++) {
                Outcome outcome = matcher.outcome(best.found().get(i), match[i], AreaRange.ALL);
                if (outcome != Outcome.IGNORED) {
                    scores[count] = best.found().get(i).score();
                    right[count] = outcome == Outcome.HIT;
                    count++;
                }
            }
        }
        return new Judged(
                Arrays.copyOf(scores, count),
                Arrays.copyOf(right, count),
                boxes.countedTruth().size());
    }
}
