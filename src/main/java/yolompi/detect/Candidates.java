package yolompi.detect;

import java.util.ArrayList;
import java.util.List;
import yolompi.geometry.Box;
import yolompi.recipe.EvalRecipe;

/** What a network proposes for one image, before suppression. */
final class Candidates {
    private final List<float[]> rows = new ArrayList<>(); // x1, y1, x2, y2, score, class

    void add(float[] row) {
        rows.add(row);
    }

    /** The best boxes of each class that don't overlap too much, best first. */
    List<Detection> suppress(EvalRecipe recipe) {
        if (rows.size() > Detector.MOST_CANDIDATES) {
            rows.sort((a, b) -> Float.compare(b[4], a[4]));
            rows.subList(Detector.MOST_CANDIDATES, rows.size()).clear();
        }
        float[] boxes = new float[4 * rows.size()];
        float[] scores = new float[rows.size()];
        int[] classes = new int[rows.size()];
        for (int i = 0; i < scores.length; i++) {
            System.arraycopy(rows.get(i), 0, boxes, 4 * i, 4);
            scores[i] = rows.get(i)[4];
            classes[i] = (int) rows.get(i)[5];
        }
        List<Detection> kept = new ArrayList<>();
        for (int i : Nms.greedy(boxes, scores, classes, recipe.nmsIou(), recipe.maxDetections())) {
            Box box = new Box(boxes[4 * i], boxes[4 * i + 1], boxes[4 * i + 2], boxes[4 * i + 3]);
            kept.add(new Detection(classes[i], scores[i], box));
        }
        return kept;
    }
}
