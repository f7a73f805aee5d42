package yolompi.eval.metric;

import java.util.Arrays;
import java.util.List;
import yolompi.eval.metric.CocoMetrics.AreaRange;

/**
 * Matches the detections of one class in one image to ground truth, as
 * {@code COCOeval.evaluateImg} of pycocotools does. The best detection comes first. Each matches
 * the free box of highest IoU, and an ignored box only if no other box matches. A crowd matches any
 * number of detections.
 */
final class ImageMatcher {
    static final int NONE = -1;

    /** The outcome of matching a detection. */
    enum Outcome {
        HIT,
        WRONG,
        /** Neither a true nor a false positive. */
        IGNORED
    }

    /** pycocotools lowers a threshold of 1 to this value, so that equal boxes match. */
    private static final double HIGHEST_THRESHOLD = 1 - 1e-10;

    private final List<DetectedBox> found;
    private final List<GroundTruthBox> truth;
    private final double[][] overlaps; // [D][G]
    private final int[] nothing;

    /** @param boxes of one class in one image, detections best first */
    ImageMatcher(ClassBoxes boxes) {
        found = boxes.found();
        truth = boxes.truth();
        nothing = new int[found.size()];
        Arrays.fill(nothing, NONE);
        overlaps = new double[found.size()][truth.size()];
        for (int i = 0; i < found.size(); i++) {
            for (int j = 0; j < truth.size(); j++) {
                overlaps[i][j] = truth.get(j).overlap(found.get(i).box());
            }
        }
    }

    /** For each detection the index of the matched ground truth, or {@link #NONE}. */
    int[] match(AreaRange areas, double threshold) {
        if (truth.isEmpty()) {
            return nothing;
        }
        int[] match = new int[found.size()];
        int[] order = countedFirst(areas);
        int counted = countedTruth(areas);
        boolean[] taken = new boolean[truth.size()];
        for (int i = 0; i < match.length; i++) {
            match[i] = bestTruth(overlaps[i], order, counted, taken, Math.min(threshold, HIGHEST_THRESHOLD));
            if (match[i] != NONE) {
                taken[match[i]] = true;
            }
        }
        return match;
    }

    /** Adds the match results at every threshold and for every range of areas to a class. */
    void addTo(MatchAccumulator tally) {
        int first = tally.add(found);
        for (AreaRange areas : AreaRange.values()) {
            int[] hits = new int[found.size()];
            int[] ignored = new int[found.size()];
            for (int threshold = 0; threshold < CocoMetrics.THRESHOLDS; threshold++) {
                int[] match = match(areas, CocoMetrics.threshold(threshold));
                for (int i = 0; i < match.length; i++) {
                    Outcome outcome = outcome(found.get(i), match[i], areas);
                    hits[i] |= outcome == Outcome.HIT ? 1 << threshold : 0;
                    ignored[i] |= outcome == Outcome.IGNORED ? 1 << threshold : 0;
                }
            }
            tally.judge(areas, first, hits, ignored);
            tally.addTruth(areas, countedTruth(areas));
        }
    }

    /** The outcome of a detection, given the ground truth that it matched. */
    Outcome outcome(DetectedBox detection, int match, AreaRange areas) {
        if (match != NONE && !counts(truth.get(match), areas)) {
            return Outcome.IGNORED;
        }
        if (match != NONE && !truth.get(match).idZero()) {
            return Outcome.HIT;
        }
        return areas.holds(detection.box().area()) ? Outcome.WRONG : Outcome.IGNORED;
    }

    private int bestTruth(double[] overlap, int[] order, int counted, boolean[] taken, double atLeast) {
        int best = NONE;
        double most = atLeast;
        for (int place = 0; place < order.length; place++) {
            if (place == counted && best != NONE) {
                break;
            }
            int i = order[place];
            boolean free = !taken[i] || truth.get(i).crowd();
            if (free && !(overlap[i] < most)) {
                most = overlap[i];
                best = i;
            }
        }
        return best;
    }

    private int[] countedFirst(AreaRange areas) {
        int[] order = new int[truth.size()];
        int next = 0;
        for (boolean counted : new boolean[] {true, false}) {
            for (int i = 0; i < order.length; i++) {
                if (counts(truth.get(i), areas) == counted) {
                    order[next++] = i;
                }
            }
        }
        return order;
    }

    private int countedTruth(AreaRange areas) {
        int count = 0;
        for (GroundTruthBox box : truth) {
            count += counts(box, areas) ? 1 : 0;
        }
        return count;
    }

    private static boolean counts(GroundTruthBox box, AreaRange areas) {
        return !box.crowd() && areas.holds(box.area());
    }
}
