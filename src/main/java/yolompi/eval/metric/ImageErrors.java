package yolompi.eval.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import yolompi.eval.metric.ErrorSplit.Kind;

/** The true positives and the errors of one image, classified by {@link Kind}. */
final class ImageErrors {
    private static final double ENOUGH = 0.5;
    private static final double NOTHING = 0.1;
    private static final int NONE = -1;

    /**
     * A false positive.
     *
     * @param gains the ground truth that this detection would match if its error were fixed; empty
     *     if a better detection would match it
     */
    record Fault(Kind kind, DetectedBox found, Optional<GroundTruthBox> gains) {}

    private final List<GroundTruthBox> truth;
    private final List<DetectedBox> hits = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>();
    private final boolean[] taken;
    private final boolean[] covered;

    /** @param image all boxes of an image, detections best first */
    ImageErrors(ClassBoxes image) {
        truth = image.countedTruth();
        taken = new boolean[truth.size()];
        covered = new boolean[truth.size()];
        List<DetectedBox> wrong = new ArrayList<>();
        for (DetectedBox found : image.found()) {
            int match = nearest(found, i -> isOfClass(found, i) && !taken[i]);
            if (overlap(found, match) >= ENOUGH) {
                taken[match] = true;
                hits.add(found);
            } else if (!image.inCrowd(found, ENOUGH)) {
                wrong.add(found);
            }
        }
        wrong.forEach(found -> faults.add(fault(found)));
    }

    /** True positives. */
    List<DetectedBox> hits() {
        return hits;
    }

    /** False positives. */
    List<Fault> faults() {
        return faults;
    }

    /** Ground truth without a match, a localization error or a classification error. */
    List<GroundTruthBox> missed() {
        List<GroundTruthBox> missed = new ArrayList<>();
        for (int i = 0; i < taken.length; i++) {
            if (!taken[i] && !covered[i]) {
                missed.add(truth.get(i));
            }
        }
        return missed;
    }

    private Fault fault(DetectedBox found) {
        int own = nearest(found, i -> isOfClass(found, i));
        double ownOverlap = overlap(found, own);
        if (ownOverlap >= NOTHING && ownOverlap < ENOUGH) {
            return new Fault(Kind.LOCALISATION, found, gain(own));
        }
        int other = nearest(found, i -> !isOfClass(found, i));
        if (overlap(found, other) >= ENOUGH) {
            return new Fault(Kind.CLASSIFICATION, found, gain(other));
        }
        if (ownOverlap >= ENOUGH) {
            return new Fault(Kind.DUPLICATE, found, Optional.empty());
        }
        Kind kind = overlap(found, other) >= NOTHING ? Kind.BOTH : Kind.BACKGROUND;
        return new Fault(kind, found, Optional.empty());
    }

    /** The ground truth if this is the first, and so the best, detection that would match it. */
    private Optional<GroundTruthBox> gain(int match) {
        boolean first = !taken[match] && !covered[match];
        covered[match] = true;
        return first ? Optional.of(truth.get(match)) : Optional.empty();
    }

    private int nearest(DetectedBox found, IntPredicate mayBe) {
        int best = NONE;
        for (int i = 0; i < truth.size(); i++) {
            if (mayBe.test(i) && (best == NONE || overlap(found, i) > overlap(found, best))) {
                best = i;
            }
        }
        return best;
    }

    private double overlap(DetectedBox found, int match) {
        return match == NONE ? 0 : found.box().iou(truth.get(match).box());
    }

    private boolean isOfClass(DetectedBox found, int i) {
        return truth.get(i).category() == found.category();
    }
}
