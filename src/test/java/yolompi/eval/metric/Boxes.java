package yolompi.eval.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import yolompi.eval.metric.DetectionSet.Category;

/** Builds small sets of boxes. Every box is 10 pixels high; the first image is image 0. */
final class Boxes {
    private final int categories;
    private final List<GroundTruthBox> truth = new ArrayList<>();
    private final List<DetectedBox> found = new ArrayList<>();
    private int image;

    private Boxes(int categories) {
        this.categories = categories;
    }

    static Boxes ofCategories(int count) {
        return new Boxes(count);
    }

    /** The following boxes are in the next image. */
    Boxes nextImage() {
        image++;
        return this;
    }

    Boxes truth(int category, double x, double width) {
        return truth(category, x, width, false, false);
    }

    Boxes crowd(int category, double x, double width) {
        return truth(category, x, width, true, false);
    }

    Boxes difficult(int category, double x, double width) {
        return truth(category, x, width, false, true);
    }

    Boxes found(int category, double score, double x, double width) {
        found.add(new DetectedBox(image, category, box(x, width), score));
        return this;
    }

    DetectionSet set() {
        List<Category> named = IntStream.range(0, categories)
                .mapToObj(i -> new Category(CocoId.of((long) i + 1), "class " + i))
                .toList();
        return new DetectionSet(named, image + 1, truth, found);
    }

    private Boxes truth(int category, double x, double width, boolean crowd, boolean difficult) {
        CocoBox box = box(x, width);
        truth.add(new GroundTruthBox(image, category, box, box.area(), crowd, difficult, false));
        return this;
    }

    private static CocoBox box(double x, double width) {
        return new CocoBox(x, 0, width, 10);
    }
}
