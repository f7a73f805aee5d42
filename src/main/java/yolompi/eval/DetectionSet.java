package yolompi.eval;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import yolompi.detect.Detection;
import yolompi.geometry.LabeledBox;

/**
 * What is in a set of images and what was found in them: all that a metric needs.
 *
 * @param categories of which {@link TruthBox#category} and {@link FoundBox#category} are indices
 * @param imageCount images are numbered from 0; of equal scores that of the lower image comes first
 * @param truth in the order in which equal overlaps are decided
 * @param found in the order in which equal scores of one image are decided
 */
public record DetectionSet(List<Category> categories, int imageCount, List<TruthBox> truth, List<FoundBox> found) {
    public DetectionSet {
        categories = List.copyOf(categories);
        truth = List.copyOf(truth);
        found = List.copyOf(found);
        for (TruthBox box : truth) {
            check(box.image(), box.category(), imageCount, categories.size());
        }
        for (FoundBox box : found) {
            check(box.image(), box.category(), imageCount, categories.size());
        }
    }

    /**
     * The results of an evaluation. Ignored true boxes become crowds, and the area of a box is its width times its height.
     *
     * @param results one for each image, in any order
     * @param categories whose indices are the class ids
     * @throws IllegalArgumentException when an image occurs twice or a class id has no name
     */
    public static DetectionSet of(Collection<ImageResult> results, List<Category> categories) {
        List<ImageResult> images = results.stream()
                .sorted(Comparator.comparingInt(ImageResult::imageIndex))
                .toList();
        List<TruthBox> truth = new ArrayList<>();
        List<FoundBox> found = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
            ImageResult image = images.get(i);
            if (i > 0 && image.imageIndex() == images.get(i - 1).imageIndex()) {
                throw new IllegalArgumentException(
                        "image " + image.imageIndex() + " has two results, but each image may count once");
            }
            for (LabeledBox box : image.truth()) {
                CocoBox place = CocoBox.of(box.box());
                truth.add(new TruthBox(i, box.classId(), place, place.area(), box.ignored(), false, false));
            }
            for (Detection detection : image.detections()) {
                found.add(new FoundBox(i, detection.classId(), CocoBox.of(detection.box()), detection.score()));
            }
        }
        return new DetectionSet(categories, images.size(), truth, found);
    }

    /** The classes of a shard set by their ids in COCO's files. */
    public static List<Category> categories(List<String> names, List<Integer> categoryIds) {
        return IntStream.range(0, names.size())
                .mapToObj(i -> new Category(CocoId.of(categoryIds.get(i).longValue()), names.get(i)))
                .toList();
    }

    /** The same with difficult boxes as crowds, which neither help nor harm. */
    DetectionSet ignoringDifficult() {
        return new DetectionSet(
                categories,
                imageCount,
                truth.stream()
                        .map(box -> new TruthBox(
                                box.image(),
                                box.category(),
                                box.box(),
                                box.area(),
                                box.crowd() || box.difficult(),
                                box.difficult(),
                                box.idZero()))
                        .toList(),
                found);
    }

    /** The boxes of each category, for which {@link #categories} has one list each. */
    List<ClassBoxes> byCategory() {
        List<ClassBoxes> classes = Stream.generate(() -> new ClassBoxes(new ArrayList<>(), new ArrayList<>()))
                .limit(categories.size())
                .toList();
        truth.forEach(box -> classes.get(box.category()).truth().add(box));
        found.forEach(box -> classes.get(box.category()).found().add(box));
        return classes;
    }

    private static void check(int image, int category, int imageCount, int categoryCount) {
        if (image < 0 || image >= imageCount) {
            throw new IllegalArgumentException("image " + image + ", but there are " + imageCount);
        }
        if (category < 0 || category >= categoryCount) {
            throw new IllegalArgumentException(
                    "image " + image + ": class " + category + ", but names has 0–" + (categoryCount - 1));
        }
    }
}
