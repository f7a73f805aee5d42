package yolompi.eval.metric;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import yolompi.detect.Detection;
import yolompi.geometry.LabeledBox;

/**
 * Ground truth and detections of a set of images: the input of every metric.
 *
 * @param categories {@link GroundTruthBox#category} and {@link DetectedBox#category} are indices of
 *     this list
 * @param imageCount images have indices from 0; of equal scores, the lower image index comes first
 * @param truth ground truth; its order breaks ties between equal IoUs
 * @param found detections; their order breaks ties between equal scores in one image
 */
public record DetectionSet(
        List<Category> categories, int imageCount, List<GroundTruthBox> truth, List<DetectedBox> found) {
    /**
     * An object class.
     *
     * @param id as in COCO's files
     */
    public record Category(CocoId id, String name) {}

    public DetectionSet {
        categories = List.copyOf(categories);
        truth = List.copyOf(truth);
        found = List.copyOf(found);
        for (GroundTruthBox box : truth) {
            check(box.image(), box.category(), imageCount, categories.size());
        }
        for (DetectedBox box : found) {
            check(box.image(), box.category(), imageCount, categories.size());
        }
    }

    /**
     * The results of an evaluation. Ignored ground-truth boxes become crowds. The area of a box is
     * its width times its height.
     *
     * @param results one for each image, in any order
     * @param categories indexed by class id
     * @throws IllegalArgumentException if an image occurs twice or a class id has no name
     */
    public static DetectionSet of(Collection<ImageResult> results, List<Category> categories) {
        List<ImageResult> images = results.stream()
                .sorted(Comparator.comparingInt(ImageResult::imageIndex))
                .toList();
        List<GroundTruthBox> truth = new ArrayList<>();
        List<DetectedBox> found = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
            ImageResult image = images.get(i);
            if (i > 0 && image.imageIndex() == images.get(i - 1).imageIndex()) {
                throw new IllegalArgumentException(
                        "image " + image.imageIndex() + " has two results, expected one for each image");
            }
            for (LabeledBox box : image.truth()) {
                CocoBox place = CocoBox.of(box.box());
                truth.add(new GroundTruthBox(i, box.classId(), place, place.area(), box.ignored(), false, false));
            }
            for (Detection detection : image.detections()) {
                found.add(new DetectedBox(i, detection.classId(), CocoBox.of(detection.box()), detection.score()));
            }
        }
        return new DetectionSet(categories, images.size(), truth, found);
    }

    /** The classes of a shard set, with their ids in COCO's files. */
    public static List<Category> categories(List<String> names, List<Integer> categoryIds) {
        return IntStream.range(0, names.size())
                .mapToObj(i -> new Category(CocoId.of(categoryIds.get(i).longValue()), names.get(i)))
                .toList();
    }

    /** The same set with difficult boxes as crowds, which are ignored. */
    public DetectionSet ignoringDifficult() {
        return new DetectionSet(
                categories,
                imageCount,
                truth.stream()
                        .map(box -> new GroundTruthBox(
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

    /** The boxes of each category, in the order of {@link #categories}. */
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
            throw new IllegalArgumentException("image " + image + ", but there are " + imageCount + " images");
        }
        if (category < 0 || category >= categoryCount) {
            throw new IllegalArgumentException(
                    "image " + image + ": class " + category + ", but names has 0–" + (categoryCount - 1));
        }
    }
}
