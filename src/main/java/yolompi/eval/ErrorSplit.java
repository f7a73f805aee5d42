package yolompi.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How often a detector is wrong in which way, and what each way costs.
 *
 * @param confidence the lowest score of a detection that {@code counts} has in it
 * @param counts of each kind
 * @param costs by how much AP50 would rise if all detections, of any score, were mended of this kind alone: a right class, a right place,
 *     or gone; for {@link ErrorKind#MISSED}, if the missed boxes were not there. 0 where it would not. They don't add up
 */
public record ErrorSplit(double confidence, Map<ErrorKind, Long> counts, Map<ErrorKind, Double> costs) {
    /** Splits the errors of all images. */
    public static ErrorSplit of(DetectionSet set, double confidence) {
        Map<ErrorKind, Long> counts = new EnumMap<>(ErrorKind.class);
        for (ErrorKind kind : ErrorKind.values()) {
            counts.put(kind, 0L);
        }
        for (ImageErrors image : errors(set, confidence)) {
            image.faults().forEach(fault -> counts.merge(fault.kind(), 1L, Long::sum));
            counts.merge(ErrorKind.MISSED, (long) image.missed().size(), Long::sum);
        }
        return new ErrorSplit(confidence, counts, costs(set));
    }

    private static List<ImageErrors> errors(DetectionSet set, double confidence) {
        return new ClassBoxes(set.truth(), set.found())
                .byImage().values().stream()
                        .map(image -> new ImageErrors(image.atLeast(confidence)))
                        .toList();
    }

    private static Map<ErrorKind, Double> costs(DetectionSet set) {
        List<ImageErrors> images = errors(set, Double.NEGATIVE_INFINITY);
        double before = averagePrecision(set, images, Optional.empty());
        Map<ErrorKind, Double> costs = new EnumMap<>(ErrorKind.class);
        for (ErrorKind kind : ErrorKind.values()) {
            costs.put(kind, Math.max(0, averagePrecision(set, images, Optional.of(kind)) - before));
        }
        return costs;
    }

    /** AP at IoU 0.5 where errors of one kind are mended. */
    private static double averagePrecision(DetectionSet set, List<ImageErrors> images, Optional<ErrorKind> mended) {
        int[] truth = new int[set.categories().size()];
        set.truth().stream().filter(box -> !box.crowd()).forEach(box -> truth[box.category()]++);
        List<List<FoundBox>> right = lists(truth.length);
        List<List<FoundBox>> wrong = lists(truth.length);
        for (ImageErrors image : images) {
            image.hits().forEach(hit -> right.get(hit.category()).add(hit));
            for (ImageErrors.Fault fault : image.faults()) {
                if (mended.isEmpty() || mended.get() != fault.kind()) {
                    wrong.get(fault.found().category()).add(fault.found());
                } else {
                    fault.gains().ifPresent(box -> right.get(box.category()).add(fault.found()));
                }
            }
            if (mended.isPresent() && mended.get() == ErrorKind.MISSED) {
                image.missed().forEach(box -> truth[box.category()]--);
            }
        }
        double[] averages = new double[truth.length];
        Arrays.setAll(averages, i -> averagePrecision(right.get(i), wrong.get(i), truth[i]));
        return Arrays.stream(averages)
                .filter(value -> value != ClassTally.UNDEFINED)
                .average()
                .orElse(0);
    }

    private static double averagePrecision(List<FoundBox> right, List<FoundBox> wrong, int truthCount) {
        ClassTally tally = new ClassTally();
        tally.addTruth(AreaRange.ALL, truthCount);
        int[] hits = new int[right.size()];
        Arrays.fill(hits, 1);
        tally.judge(AreaRange.ALL, tally.add(right), hits, new int[hits.length]);
        tally.add(wrong);
        return tally.averagePrecision(AreaRange.ALL, 0);
    }

    private static List<List<FoundBox>> lists(int count) {
        return Stream.<List<FoundBox>>generate(ArrayList::new).limit(count).toList();
    }
}
