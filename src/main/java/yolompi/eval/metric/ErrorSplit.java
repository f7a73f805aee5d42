package yolompi.eval.metric;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import yolompi.detect.ScoreOrder;

/**
 * Counts of the error types, and the cost of each in AP50.
 *
 * @param confidence lowest score of the detections in {@code counts}
 * @param counts errors of each type
 * @param costs gain of AP50 if all errors of this type alone were fixed, in detections of any
 *     score: class or box corrected, or detection removed; for {@link Kind#MISSED}, missed
 *     ground truth removed. At least 0. The costs do not add up to the total loss
 */
public record ErrorSplit(double confidence, Map<Kind, Long> counts, Map<Kind, Double> costs) {
    /**
     * Error types of TIDE: Bolya et al., "TIDE: A General Toolbox for Identifying Object Detection
     * Errors", 2020, section 2.2. The IoU threshold of the foreground is 0.5, that of the
     * background 0.1.
     */
    public enum Kind {
        /** IoU of at least 0.5 with ground truth of another class. */
        CLASSIFICATION("right place, wrong class"),
        /** IoU of 0.1 to 0.5 with ground truth of the right class. */
        LOCALISATION("right class, IoU below 0.5"),
        /** IoU of 0.1 to 0.5 with ground truth of another class. */
        BOTH("wrong class, IoU below 0.5"),
        /** IoU of at least 0.5 with ground truth that a better detection has matched. */
        DUPLICATE("second detection of a box"),
        /** IoU below 0.1 with all ground truth. */
        BACKGROUND("no ground truth there"),
        /** Ground truth without a match, a localization error or a classification error. */
        MISSED("ground truth not detected");

        private final String meaning;

        Kind(String meaning) {
            this.meaning = meaning;
        }

        /** The error in a few words. */
        public String meaning() {
            return meaning;
        }
    }

    /** Computes counts and costs over all images. */
    public static ErrorSplit of(DetectionSet set, double confidence) {
        Map<Kind, Long> counts = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            counts.put(kind, 0L);
        }
        for (ImageErrors image : errors(set, confidence)) {
            image.faults().forEach(fault -> counts.merge(fault.kind(), 1L, Long::sum));
            counts.merge(Kind.MISSED, (long) image.missed().size(), Long::sum);
        }
        return new ErrorSplit(confidence, counts, costs(set));
    }

    private static List<ImageErrors> errors(DetectionSet set, double confidence) {
        return new ClassBoxes(set.truth(), set.found())
                .byImage().values().stream()
                        .map(image -> new ImageErrors(image.atLeast(confidence)))
                        .toList();
    }

    private static Map<Kind, Double> costs(DetectionSet set) {
        List<ImageErrors> images = errors(set, Double.NEGATIVE_INFINITY);
        List<Judged> ranking = ranking(images);
        double before = averagePrecision(ranking, truth(set), Optional.empty());
        Map<Kind, Double> costs = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            int[] truth = truth(set);
            if (kind == Kind.MISSED) {
                images.forEach(image -> image.missed().forEach(box -> truth[box.category()]--));
            }
            costs.put(kind, Math.max(0, averagePrecision(ranking, truth, Optional.of(kind)) - before));
        }
        return costs;
    }

    /** A detection and its error, if any. */
    private record Judged(DetectedBox found, Optional<ImageErrors.Fault> fault) {}

    /** All detections, best first. */
    private static List<Judged> ranking(List<ImageErrors> images) {
        List<Judged> judged = new ArrayList<>();
        for (ImageErrors image : images) {
            image.hits().forEach(hit -> judged.add(new Judged(hit, Optional.empty())));
            image.faults().forEach(fault -> judged.add(new Judged(fault.found(), Optional.of(fault))));
        }
        double[] scores = new double[judged.size()];
        Arrays.setAll(scores, i -> judged.get(i).found.score());
        return Arrays.stream(ScoreOrder.bestFirst(scores)).mapToObj(judged::get).toList();
    }

    /** Number of ground-truth boxes of each category. */
    private static int[] truth(DetectionSet set) {
        int[] counts = new int[set.categories().size()];
        set.truth().stream().filter(box -> !box.crowd()).forEach(box -> counts[box.category()]++);
        return counts;
    }

    /** Mean AP at IoU 0.5 if errors of one type are fixed. */
    private static double averagePrecision(List<Judged> ranking, int[] truth, Optional<Kind> fixed) {
        AveragePrecision[] classes = new AveragePrecision[truth.length];
        Arrays.setAll(classes, i -> new AveragePrecision());
        for (Judged judged : ranking) {
            if (judged.fault.isEmpty()) {
                classes[judged.found.category()].add(true);
            } else if (fixed.isEmpty() || fixed.get() != judged.fault.get().kind()) {
                classes[judged.found.category()].add(false);
            } else {
                judged.fault.get().gains().ifPresent(box -> classes[box.category()].add(true));
            }
        }
        return IntStream.range(0, truth.length)
                .mapToDouble(i -> classes[i].averagePrecision(truth[i]))
                .filter(value -> value != MatchAccumulator.UNDEFINED)
                .average()
                .orElse(0);
    }
}
