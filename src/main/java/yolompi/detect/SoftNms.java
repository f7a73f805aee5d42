package yolompi.detect;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Suppression that lowers scores instead of dropping boxes. A score can only fall, so what kept boxes do to a candidate is worked out when it is
 * its turn; where it is no longer the best after that, it waits for another turn.
 */
final class SoftNms {
    /** Sigma of the paper. */
    private static final double SIGMA = 0.5;

    private final Candidates candidates;
    private final KeptBoxes kept;
    private final double confidence;
    private final PriorityQueue<Waiting> lowered = new PriorityQueue<>();

    /**
     * A candidate with the score that the kept boxes leave it.
     *
     * @param actedOn how many boxes of its group the score accounts for
     */
    private record Waiting(int candidate, double score, int actedOn) implements Comparable<Waiting> {
        /** The best first, and of equal scores the earlier one. */
        @Override
        public int compareTo(Waiting other) {
            int byScore = Double.compare(other.score, score);
            return byScore == 0 ? Integer.compare(candidate, other.candidate) : byScore;
        }
    }

    SoftNms(Candidates candidates, DetectionRule rule) {
        this.candidates = candidates;
        this.kept = new KeptBoxes(candidates, rule);
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
        Boxes others = kept.around(waiting.candidate()).boxes();
        double squares = others.squaredIous(waiting.actedOn(), candidates.boxes(), waiting.candidate());
        double score = waiting.score() * Math.exp(-squares / SIGMA);
        return new Waiting(waiting.candidate(), score, others.count());
    }
}
