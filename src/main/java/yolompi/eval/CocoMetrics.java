package yolompi.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import yolompi.detect.Detection;
import yolompi.detect.ScoreOrder;
import yolompi.eval.MeanAveragePrecision.ClassResult;
import yolompi.geometry.LabeledBox;

/**
 * Mean average precision the way of COCO: the same numbers as {@code COCOeval} of pycocotools for boxes of area 'all' and 100
 * detections an image. As there, the limit holds for each image and class, and equal scores are taken in the order of the images.
 *
 * <p>Source: https://cocodataset.org/#detection-eval and {@code cocoeval.py} of pycocotools 2.0.
 */
public final class CocoMetrics {
    private static final int MAX_DETECTIONS = 100;

    private CocoMetrics() {}

    /**
     * Measures the detections of all images.
     *
     * @param results one for each image, in any order
     * @param names the classes; class ids are indices into it
     * @throws IllegalArgumentException when an image occurs twice or a class id has no name
     */
    public static MeanAveragePrecision measure(Collection<ImageResult> results, List<String> names) {
        return measure(results, names, AreaRange.ALL);
    }

    private static MeanAveragePrecision measure(Collection<ImageResult> results, List<String> names, AreaRange areas) {
        List<ClassTally> tallies =
                Stream.generate(ClassTally::new).limit(names.size()).toList();
        for (ImageResult result : byImage(results)) {
            for (Map.Entry<Integer, ClassInImage> entry :
                    byClass(result, names.size()).entrySet()) {
                ClassInImage found = entry.getValue();
                new ImageMatcher(found.best(), found.truth, areas).addTo(tallies.get(entry.getKey()));
            }
        }
        List<ClassResult> classes = IntStream.range(0, names.size())
                .mapToObj(id -> classResult(id, names.get(id), tallies.get(id)))
                .toList();
        return mean(classes);
    }

    private static List<ImageResult> byImage(Collection<ImageResult> results) {
        List<ImageResult> sorted = results.stream()
                .sorted(Comparator.comparingInt(ImageResult::imageIndex))
                .toList();
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).imageIndex() == sorted.get(i - 1).imageIndex()) {
                throw new IllegalArgumentException(
                        "image " + sorted.get(i).imageIndex() + " has two results, but each image may count once");
            }
        }
        return sorted;
    }

    /** What one image holds of one class. */
    private record ClassInImage(List<LabeledBox> truth, List<Detection> detections) {
        List<Detection> best() {
            float[] scores = new float[detections.size()];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = detections.get(i).score();
            }
            return Arrays.stream(ScoreOrder.bestFirst(scores))
                    .limit(MAX_DETECTIONS)
                    .mapToObj(detections::get)
                    .toList();
        }
    }

    private static Map<Integer, ClassInImage> byClass(ImageResult result, int classCount) {
        Map<Integer, ClassInImage> classes = new TreeMap<>();
        for (LabeledBox box : result.truth()) {
            classIn(classes, box.classId(), result, classCount).truth.add(box);
        }
        for (Detection detection : result.detections()) {
            classIn(classes, detection.classId(), result, classCount).detections.add(detection);
        }
        return classes;
    }

    private static ClassInImage classIn(
            Map<Integer, ClassInImage> classes, int classId, ImageResult result, int classCount) {
        if (classId < 0 || classId >= classCount) {
            throw new IllegalArgumentException(
                    "image " + result.imageIndex() + ": class " + classId + ", but names has 0–" + (classCount - 1));
        }
        return classes.computeIfAbsent(classId, id -> new ClassInImage(new ArrayList<>(), new ArrayList<>()));
    }

    private static ClassResult classResult(int classId, String name, ClassTally tally) {
        double[] averages = tally.averagePrecisions();
        double mean = Arrays.stream(averages).average().orElseThrow();
        return new ClassResult(classId, name, tally.truthCount(), averages[0], mean);
    }

    private static MeanAveragePrecision mean(List<ClassResult> classes) {
        List<ClassResult> withTruth =
                classes.stream().filter(result -> result.truthCount() > 0).toList();
        double map50 =
                withTruth.stream().mapToDouble(ClassResult::ap50).average().orElse(0);
        double map5095 =
                withTruth.stream().mapToDouble(ClassResult::ap5095).average().orElse(0);
        return new MeanAveragePrecision(map50, map5095, classes);
    }
}
