package yolompi.eval.metric;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import yolompi.detect.ScoreOrder;
import yolompi.eval.metric.CocoMetrics.AreaRange;

/**
 * All detections of one class in all images with their match results at every IoU threshold and for
 * every range of areas. COCO's average precision and average recall are computed from it.
 */
final class MatchAccumulator {
    /** The score without ground truth. */
    static final double UNDEFINED = -1;

    private double[] scores = new double[64];
    /** Rank by score among the detections of the class in the image, from 0. */
    private int[] places = new int[64];

    private final Map<AreaRange, Outcomes> outcomes = new EnumMap<>(AreaRange.class);
    private int count;
    private int[] order = {};

    /** The match results for one range of areas. */
    private static final class Outcomes {
        /** Bit t is set if the detection matches ground truth at IoU threshold t. */
        private int[] hits = new int[64];
        /** Bit t is set if the detection is ignored at IoU threshold t. */
        private int[] ignored = new int[64];

        private int truthCount;
    }

    MatchAccumulator() {
        for (AreaRange areas : AreaRange.values()) {
            outcomes.put(areas, new Outcomes());
        }
    }

    /** Adds the detections of one image, best first; returns the index of the first. */
    int add(List<DetectedBox> found) {
        int first = count;
        for (int place = 0; place < found.size(); place++) {
            if (count == scores.length) {
                grow();
            }
            scores[count] = found.get(place).score();
            places[count] = place;
            count++;
        }
        return first;
    }

    /**
     * Sets the match results of detections.
     *
     * @param first index of the first detection
     * @param hits bit t: the detection matches ground truth at IoU threshold t
     * @param ignored bit t: the detection is ignored at IoU threshold t
     */
    void judge(AreaRange areas, int first, int[] hits, int[] ignored) {
        System.arraycopy(hits, 0, of(areas).hits, first, hits.length);
        System.arraycopy(ignored, 0, of(areas).ignored, first, ignored.length);
    }

    void addTruth(AreaRange areas, int boxes) {
        of(areas).truthCount += boxes;
    }

    int truthCount(AreaRange areas) {
        return of(areas).truthCount;
    }

    /** Average precision at each IoU threshold; {@link #UNDEFINED} without ground truth. */
    double[] averagePrecisions(AreaRange areas) {
        double[] averages = new double[CocoMetrics.THRESHOLDS];
        Arrays.setAll(averages, threshold -> averagePrecision(areas, threshold));
        return averages;
    }

    private double averagePrecision(AreaRange areas, int threshold) {
        Outcomes its = of(areas);
        AveragePrecision ranked = new AveragePrecision();
        int bit = 1 << threshold;
        for (int i : bestFirst()) {
            if ((its.ignored[i] & bit) == 0) {
                ranked.add((its.hits[i] & bit) != 0);
            }
        }
        return ranked.averagePrecision(its.truthCount);
    }

    /**
     * Average recall: the mean over all IoU thresholds; {@link #UNDEFINED} without ground truth.
     *
     * @param mostDetections detections of the class that count in each image, best first
     */
    double averageRecall(AreaRange areas, int mostDetections) {
        Outcomes its = of(areas);
        if (its.truthCount == 0) {
            return UNDEFINED;
        }
        long found = 0;
        for (int i = 0; i < count; i++) {
            if (places[i] < mostDetections) {
                found += Integer.bitCount(its.hits[i]);
            }
        }
        return (double) found / its.truthCount / CocoMetrics.THRESHOLDS;
    }

    private Outcomes of(AreaRange areas) {
        return outcomes.get(areas);
    }

    private int[] bestFirst() {
        if (order.length != count) {
            order = ScoreOrder.bestFirst(Arrays.copyOf(scores, count));
        }
        return order;
    }

    private void grow() {
        scores = Arrays.copyOf(scores, 2 * count);
        places = Arrays.copyOf(places, 2 * count);
        for (Outcomes its : outcomes.values()) {
            its.hits = Arrays.copyOf(its.hits, 2 * count);
            its.ignored = Arrays.copyOf(its.ignored, 2 * count);
        }
    }
}
