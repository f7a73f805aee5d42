package yolompi.detect;

import java.util.ArrayList;
import java.util.List;
import yolompi.geometry.Box;

/**
 * Greedy NMS that merges boxes: each kept box becomes the mean, weighted by score, of itself and of
 * the boxes that it suppressed. A box counts for the best kept box that overlaps it.
 */
final class MergingNms {
    private final Candidates candidates;
    private final KeptBoxes kept;
    private final List<WeightedMean> means = new ArrayList<>();
    private final float maxIou;

    MergingNms(Candidates candidates, DetectionRule rule) {
        this.candidates = candidates;
        this.kept = new KeptBoxes(candidates, rule);
        this.maxIou = DetectionRule.iouBound(rule.maxIou());
    }

    List<Detection> run() {
        for (int candidate : candidates.bestFirst()) {
            take(candidate);
        }
        List<Detection> found = new ArrayList<>();
        for (int i = 0; i < means.size(); i++) {
            int best = kept.all().get(i);
            found.add(new Detection(
                    candidates.classId(best),
                    candidates.score(best),
                    means.get(i).box()));
        }
        return found;
    }

    private void take(int candidate) {
        KeptBoxes.Group group = kept.around(candidate);
        // Every candidate is compared, even after the last kept box; the strips skip distant boxes.
        int better = group.strips().firstOver(maxIou, group.boxes(), candidates.boxes(), candidate);
        if (better < group.boxes().count()) {
            means.get(group.places().get(better)).add(candidates, candidate);
        } else if (!kept.isFull()) {
            kept.keep(candidate);
            means.add(new WeightedMean());
            means.get(means.size() - 1).add(candidates, candidate);
        }
    }

    private static final class WeightedMean {
        private final double[] sums = new double[4];
        private double weight;

        void add(Candidates candidates, int index) {
            double score = candidates.score(index);
            Box box = candidates.boxes().get(index);
            sums[0] += score * box.x1();
            sums[1] += score * box.y1();
            sums[2] += score * box.x2();
            sums[3] += score * box.y2();
            weight += score;
        }

        Box box() {
            return new Box(mean(0), mean(1), mean(2), mean(3));
        }

        private float mean(int corner) {
            return (float) (sums[corner] / weight);
        }
    }
}
