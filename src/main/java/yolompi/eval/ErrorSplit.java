package yolompi.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import yolompi.detect.ScoreOrder;

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
        List<Judged> ranking = ranking(images);
        double before = averagePrecision(ranking, truth(set), Optional.empty());
        Map<ErrorKind, Double> costs = new EnumMap<>(ErrorKind.class);
        for (ErrorKind kind : ErrorKind.values()) {
            int[] truth = truth(set);
            if (kind == ErrorKind.MISSED) {
                images.forEach(image -> image.missed().forEach(box -> truth[box.category()]--));
            }
            costs.put(kind, Math.max(0, averagePrecision(ranking, truth, Optional.of(kind)) - before));
        }
        return costs;
    }

    /** A detection, and what is wrong with it, if anything. */
    private record Judged(FoundBox found, Optional<ImageErrors.Fault> fault) {}

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

    /** True boxes of each category. */
    private static int[] truth(DetectionSet set) {
        int[] counts = new int[set.categories().size()];
        set.truth().stream().filter(box -> !box.crowd()).forEach(box -> counts[box.category()]++);
        return counts;
    }

    /** AP at IoU 0.5 where errors of one kind are mended. */
    private static double averagePrecision(List<Judged> ranking, int[] truth, Optional<ErrorKind> mended) {
        RankedHits[] classes = new RankedHits[truth.length];
        Arrays.setAll(classes, i -> new RankedHits());
        for (Judged judged : ranking) {
            if (judged.fault.isEmpty()) {
                classes[judged.found.category()].add(true);
            } else if (mended.isEmpty() || mended.get() != judged.fault.get().kind()) {
                classes[judged.found.category()].add(false);
            } else {
                judged.fault.get().gains().ifPresent(box -> classes[box.category()].add(true));
            }
        }
        return IntStream.range(0, truth.length)
                .mapToDouble(i -> classes[i].averagePrecision(truth[i]))
                .filter(value -> value != ClassTally.UNDEFINED)
                .average()
                .orElse(0);
    }
}
