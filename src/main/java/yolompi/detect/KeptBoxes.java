package yolompi.detect;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The boxes that suppression keeps, in the order it keeps them, and by class where only boxes of one class act on each other. */
final class KeptBoxes {
    private final Candidates candidates;
    private final boolean classAgnostic;
    private final int most;
    private final Map<Integer, Group> groups = new HashMap<>();
    private final List<Integer> order = new ArrayList<>(); // of candidates

    private final Strips plane;

    /** Boxes that act on each other, the place of each in the whole order, and where they lie. */
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

    /** Those that act on a candidate. */
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

    /** All kept candidates, in the order they were kept. */
    List<Integer> all() {
        return order;
    }
}
