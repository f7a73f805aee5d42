package yolompi.detect;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The boxes that NMS has kept so far, in that order, grouped by class unless NMS is class-agnostic.
 */
final class KeptBoxes {
    private final Candidates candidates;
    private final boolean classAgnostic;
    private final int most;
    private final Map<Integer, Group> groups = new HashMap<>();
    private final List<Integer> order = new ArrayList<>(); // candidate indices

    private final Strips plane;

    /**
     * Boxes that suppress each other, the position of each in the whole order, and the index that
     * finds overlaps.
     */
    record Group(Boxes boxes, List<Integer> places, Strips strips) {}

    KeptBoxes(Candidates candidates, DetectionRule rule) {
        this.candidates = candidates;
        this.classAgnostic = rule.classAgnostic();
        this.most = rule.maxDetections();
        this.plane = Strips.over(candidates.boxes());
    }

    boolean isFull() {
        return order.size() >= most;
    }

    /** The kept boxes that may suppress a candidate. */
    Group around(int candidate) {
        int key = classAgnostic ? 0 : candidates.classId(candidate);
        return groups.computeIfAbsent(key, id -> new Group(new Boxes(), new ArrayList<>(), plane.empty()));
    }

    void keep(int candidate) {
        Group group = around(candidate);
        group.boxes().add(candidates.boxes(), candidate);
        group.strips().add(group.boxes(), group.boxes().count() - 1);
        group.places().add(order.size());
        order.add(candidate);
    }

    /** Indices of all kept candidates, in the order they were kept. */
    List<Integer> all() {
        return order;
    }
}
