package yolompi.detect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The predictions for one image before NMS. They are arrays, because an untrained network predicts
 * tens of thousands of boxes.
 */
public final class Candidates {
    /** Values of a row: x1, y1, x2, y2, score and class, as floats. */
    public static final int ROW = 6;

    private final Boxes boxes = new Boxes();
    private float[] scores = new float[64];
    private int[] classes = new int[64];

    /**
     * Adds a box.
     *
     * @param table rows of {@link #ROW} values
     */
    public void add(float[] table, int row) {
        int at = boxes.count();
        if (at == scores.length) {
            scores = Arrays.copyOf(scores, 2 * at);
            classes = Arrays.copyOf(classes, 2 * at);
        }
        boxes.add(table, ROW * row);
        scores[at] = table[ROW * row + 4];
        classes[at] = (int) table[ROW * row + 5];
    }

    Boxes boxes() {
        return boxes;
    }

    float score(int index) {
        return scores[index];
    }

    int classId(int index) {
        return classes[index];
    }

    /**
     * Indices of the best candidates in descending order of score; equal scores keep their order.
     * Never more than {@link Detector#MAX_CANDIDATES}.
     */
    int[] bestFirst() {
        int[] order = ScoreOrder.bestFirst(Arrays.copyOf(scores, boxes.count()));
        return order.length <= Detector.MAX_CANDIDATES ? order : Arrays.copyOf(order, Detector.MAX_CANDIDATES);
    }

    Detection detection(int index) {
        return new Detection(classes[index], scores[index], boxes.get(index));
    }

    /** Applies NMS and returns the kept boxes, best first. */
    public List<Detection> suppress(NmsConfig rule) {
        return switch (rule.nms()) {
            case GREEDY, DIOU -> new GreedyNms(this, rule).run();
            case SOFT -> new SoftNms(this, rule).run();
            case MERGE -> new MergingNms(this, rule).run();
        };
    }

    /**
     * The boxes that NMS has kept so far, in that order, grouped by class unless NMS is
     * class-agnostic.
     */
    static final class Kept {
        private final Candidates candidates;
        private final boolean classAgnostic;
        private final int most;
        private final Map<Integer, Boxes> groups = new HashMap<>();
        private final List<Integer> order = new ArrayList<>(); // candidate indices

        Kept(Candidates candidates, NmsConfig rule) {
            this.candidates = candidates;
            this.classAgnostic = rule.classAgnostic();
            this.most = rule.maxDetections();
        }

        boolean isFull() {
            return order.size() >= most;
        }

        /** The group of a candidate: its class, or 0 for all if NMS is class-agnostic. */
        int group(int candidate) {
            return classAgnostic ? 0 : candidates.classId(candidate);
        }

        /** The kept boxes of the candidate's group, which may suppress it. */
        Boxes around(int candidate) {
            return groups.computeIfAbsent(group(candidate), id -> new Boxes());
        }

        void keep(int candidate) {
            around(candidate).add(candidates.boxes(), candidate);
            order.add(candidate);
        }

        /** Indices of all kept candidates, in the order they were kept. */
        List<Integer> all() {
            return order;
        }
    }
}
