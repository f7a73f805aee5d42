package yolompi.detect;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Soft-NMS (Bodla et al., 2017), which lowers scores instead of dropping boxes. Scores can only
 * fall, so the effect of the kept boxes on a candidate is computed when it is the best one left. If
 * it is no longer the best afterwards, it waits for another turn.
 */
final class SoftNms {
    /** Sigma of the Gaussian, as in the paper. */
    private static final double SIGMA = 0.5;

    private final Candidates candidates;
    private final Candidates.Kept kept;
    private final double confidence;
    private final PriorityQueue<Waiting> lowered = new PriorityQueue<>();

    /**
     * A candidate with its current score.
     *
     * @param actedOn number of kept boxes of its group that the score accounts for
     */
    private record Waiting(int candidate, double score, int actedOn) implements Comparable<Waiting> {
        /** The highest score first; of equal scores the earlier candidate. */
        @Override
        public int compareTo(Waiting other) {
            int byScore = Double.compare(other.score, score);
            return byScore == 0 ? Integer.compare(candidate, other.candidate) : byScore;
        }
    }

    SoftNms(Candidates candidates, NmsConfig rule) {
        this.candidates = candidates;
        this.kept = new Candidates.Kept(candidates, rule);
        this.confidence = rule.confidence();
    }

    List<Detection> run() {
        List<Detection> found = new ArrayList<>();
        int[] order = candidates.bestFirst();
        int next = 0;
        while (!kept.isFull() && (next < order.length || !lowered.isEmpty())) {
            Waiting best = lowered.peek();
            Waiting untouched = next < order.length ? new Waiting(order[next], candidates.score(order[next]), 0) : best;
            if (best == null || untouched.compareTo(best) < 0) {
                best = untouched;
                next++;
            } else {
                lowered.remove();
            }
            Waiting now = lower(best);
            if (now.score() == best.score()) {
                kept.keep(now.candidate());
                found.add(new Detection(
                        candidates.classId(now.candidate()),
                        (float) now.score(),
                        candidates.boxes().get(now.candidate())));
            } else if (now.score() > confidence) {
                lowered.add(now);
            }
        }
        return found;
    }

    private Waiting lower(Waiting waiting) {
        Boxes others = kept.around(waiting.candidate());
        double squares = others.squaredIous(waiting.actedOn(), candidates.boxes(), waiting.candidate());
        double score = waiting.score() * Math.exp(-squares / SIGMA);
        return new Waiting(waiting.candidate(), score, others.count());
    }
}
