package yolompi.eval.metric;

import java.util.Arrays;
import java.util.List;
import yolompi.eval.metric.CocoScores.ClassScores;

/**
 * COCO's detection metrics, equal to {@code COCOeval} of pycocotools for boxes. As there, the limit
 * on detections applies to each image and class, ties between scores are broken by image order, and
 * classes without ground truth are excluded from the means.
 *
 * <p>Source: https://cocodataset.org/#detection-eval and {@code cocoeval.py} of pycocotools 2.0.
 */
public final class CocoMetrics {
    /** Detections that count in each image and class, best first. */
    static final int MAX_DETECTIONS = 100;

    /** Number of IoU thresholds. */
    static final int THRESHOLDS = 10;

    private static final double FIRST_THRESHOLD = 0.5;
    private static final double LAST_THRESHOLD = 0.95;
    private static final double THRESHOLD_STEP = (LAST_THRESHOLD - FIRST_THRESHOLD) / (THRESHOLDS - 1);
    private static final int THRESHOLD_75 = 5;

    /**
     * COCO's ranges of box areas, in square pixels, both limits inclusive. Boxes outside the range
     * are ignored: they count neither as detected nor as missed.
     */
    enum AreaRange {
        ALL(0, 1e10),
        SMALL(0, 32 * 32),
        MEDIUM(32 * 32, 96 * 96),
        LARGE(96 * 96, 1e10);

        private final double min;
        private final double max;

        AreaRange(double min, double max) {
            this.min = min;
            this.max = max;
        }

        boolean holds(double area) {
            return !(area < min || area > max);
        }
    }

    private CocoMetrics() {}

    /** Computes the metrics over all images. */
    public static CocoScores measure(DetectionSet set) {
        List<ClassNumbers> classes = set.byCategory().stream()
                .map(boxes -> ClassNumbers.of(tally(boxes)))
                .toList();
        double[] numbers = new double[CocoScores.NUMBERS.size()];
        Arrays.setAll(numbers, i -> mean(classes, i));
        return new CocoScores(
                numbers, classes.stream().map(ClassNumbers::scores).toList());
    }

    /** The IoU thresholds 0.50, 0.55 … 0.95, bit-identical to {@code numpy.linspace}. */
    static double threshold(int index) {
        return index == THRESHOLDS - 1 ? LAST_THRESHOLD : index * THRESHOLD_STEP + FIRST_THRESHOLD;
    }

    /** The twelve metrics of one class, in the order of {@link CocoScores#NUMBERS}. */
    private record ClassNumbers(int boxes, double[] numbers) {
        static ClassNumbers of(MatchAccumulator tally) {
            double[] precisions = tally.averagePrecisions(AreaRange.ALL);
            return new ClassNumbers(tally.truthCount(AreaRange.ALL), new double[] {
                average(precisions),
                precisions[0],
                precisions[THRESHOLD_75],
                average(tally.averagePrecisions(AreaRange.SMALL)),
                average(tally.averagePrecisions(AreaRange.MEDIUM)),
                average(tally.averagePrecisions(AreaRange.LARGE)),
                tally.averageRecall(AreaRange.ALL, 1),
                tally.averageRecall(AreaRange.ALL, 10),
                tally.averageRecall(AreaRange.ALL, MAX_DETECTIONS),
                tally.averageRecall(AreaRange.SMALL, MAX_DETECTIONS),
                tally.averageRecall(AreaRange.MEDIUM, MAX_DETECTIONS),
                tally.averageRecall(AreaRange.LARGE, MAX_DETECTIONS)
            });
        }

        ClassScores scores() {
            return new ClassScores(boxes, numbers[1], numbers[0]);
        }

        private static double average(double[] values) {
            return Arrays.stream(values).average().orElseThrow();
        }
    }

    private static MatchAccumulator tally(ClassBoxes boxes) {
        MatchAccumulator tally = new MatchAccumulator();
        for (ClassBoxes inImage : boxes.byImage().values()) {
            new ImageMatcher(inImage.best(MAX_DETECTIONS)).addTo(tally);
        }
        return tally;
    }

    private static double mean(List<ClassNumbers> classes, int number) {
        return classes.stream()
                .mapToDouble(its -> its.numbers[number])
                .filter(value -> value != MatchAccumulator.UNDEFINED)
                .average()
                .orElse(MatchAccumulator.UNDEFINED);
    }
}
