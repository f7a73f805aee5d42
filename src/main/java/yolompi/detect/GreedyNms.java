package yolompi.detect;

import java.util.List;
import yolompi.recipe.EvalRecipe.Nms;

/**
 * Greedy NMS and DIoU-NMS: visits the boxes best first and drops each box whose overlap with a kept
 * box exceeds the threshold. The overlap is the IoU, in DIoU-NMS reduced by the distance of the
 * centers.
 */
final class GreedyNms {
    private final Candidates candidates;
    private final Candidates.Kept kept;
    private final float maxOverlap;
    private final boolean nearerOverlapsMore;

    GreedyNms(Candidates candidates, NmsConfig rule) {
        this.candidates = candidates;
        this.kept = new Candidates.Kept(candidates, rule);
        this.maxOverlap = NmsConfig.iouBound(rule.maxIou());
        this.nearerOverlapsMore = rule.nms() == Nms.DIOU;
    }

    List<Detection> run() {
        for (int candidate : candidates.bestFirst()) {
            if (kept.isFull()) {
                break;
            }
            if (!isSuppressed(candidate)) {
                kept.keep(candidate);
            }
        }
        return kept.all().stream().map(candidates::detection).toList();
    }

    private boolean isSuppressed(int candidate) {
        Boxes others = kept.around(candidate);
        Boxes own = candidates.boxes();
        int over = others.firstOver(maxOverlap, 0, own, candidate);
        while (nearerOverlapsMore && over < others.count() && !isOverLessDistance(others, over, candidate)) {
            over = others.firstOver(maxOverlap, over + 1, own, candidate);
        }
        return over < others.count();
    }

    /**
     * Whether an IoU that exceeds the threshold still exceeds it after subtracting the distance of
     * the centers.
     */
    private boolean isOverLessDistance(Boxes others, int index, int candidate) {
        Boxes own = candidates.boxes();
        return others.iou(index, own, candidate) - others.distance(index, own, candidate) > maxOverlap;
    }
}
