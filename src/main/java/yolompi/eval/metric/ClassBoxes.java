package yolompi.eval.metric;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import yolompi.detect.ScoreOrder;

/** Ground truth and detections of one class, of one image, or of one class in one image. */
record ClassBoxes(List<GroundTruthBox> truth, List<DetectedBox> found) {
    /** The boxes by image index, ascending. Images without any box are missing. */
    Map<Integer, ClassBoxes> byImage() {
        Map<Integer, ClassBoxes> images = new TreeMap<>();
        for (GroundTruthBox box : truth) {
            in(images, box.image()).truth.add(box);
        }
        for (DetectedBox box : found) {
            in(images, box.image()).found.add(box);
        }
        return images;
    }

    /** Keeps the {@code limit} detections with the highest scores, best first. */
    ClassBoxes best(int limit) {
        if (found.size() == 1) {
            return this;
        }
        List<DetectedBox> best = new ArrayList<>(Math.min(limit, found.size()));
        for (int i : bestFirst()) {
            if (best.size() < limit) {
                best.add(found.get(i));
            }
        }
        return new ClassBoxes(truth, best);
    }

    /** Keeps the detections with at least this score, best first. */
    ClassBoxes atLeast(double confidence) {
        return new ClassBoxes(
                        truth,
                        found.stream().filter(box -> box.score() >= confidence).toList())
                .best(Integer.MAX_VALUE);
    }

    /** The ground truth without crowds. */
    List<GroundTruthBox> countedTruth() {
        return truth.stream().filter(box -> !box.crowd()).toList();
    }

    /** Whether at least this fraction of a detection's area is inside a crowd of its class. */
    boolean inCrowd(DetectedBox detection, double share) {
        return truth.stream()
                .anyMatch(box ->
                        box.crowd() && box.category() == detection.category() && box.overlap(detection.box()) >= share);
    }

    /** The indices of the detections sorted by score, highest first. */
    int[] bestFirst() {
        double[] scores = new double[found.size()];
        Arrays.setAll(scores, i -> found.get(i).score());
        return ScoreOrder.bestFirst(scores);
    }

    private static ClassBoxes in(Map<Integer, ClassBoxes> images, int image) {
        return images.computeIfAbsent(image, key -> new ClassBoxes(new ArrayList<>(2), new ArrayList<>(2)));
    }
}
