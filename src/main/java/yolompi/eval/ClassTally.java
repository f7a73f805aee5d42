package yolompi.eval;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import yolompi.detect.ScoreOrder;

/**
 * All detections of one class over all images, and what each of them is at every threshold and for every range of areas; COCO's precision
 * and recall come from it.
 */
final class ClassTally {
    /** What {@link CocoScores} holds where there is no true box. */
    static final double UNDEFINED = -1;

    private double[] scores = new double[64];
    /** The detection's place among those of its class in its image, best first, from 0. */
    private int[] places = new int[64];

    private final Map<AreaRange, Outcomes> outcomes = new EnumMap<>(AreaRange.class);
    private int count;
    private int[] order = {};

    /** What is counted for one range of areas. */
    private static final class Outcomes {
        /** Bit t is set where the detection hit a true box at IoU threshold t. */
        private int[] hits = new int[64];
        /** Bit t is set where the detection is not to be judged at IoU threshold t. */
        private int[] ignored = new int[64];

        private int truthCount;
    }

    ClassTally() {
        for (AreaRange areas : AreaRange.values()) {
            outcomes.put(areas, new Outcomes());
        }
    }

    /** Adds the detections of one image, best first; returns the number of the first. */
    int add(List<FoundBox> found) {
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
     * Says what detections are, from number {@code first} on.
     *
     * @param hits bit t: it hit a true box at IoU threshold t
     * @param ignored bit t: it is not to be judged at IoU threshold t
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

    /** Average precision at each of {@link IouThresholds}; {@link #UNDEFINED} where no true box counts. */
    double[] averagePrecisions(AreaRange areas) {
        double[] averages = new double[IouThresholds.COUNT];
        Arrays.setAll(averages, threshold -> averagePrecision(areas, threshold));
        return averages;
    }

    private double averagePrecision(AreaRange areas, int threshold) {
        Outcomes its = of(areas);
        RankedHits ranked = new RankedHits();
        int bit = 1 << threshold;
        for (int i : bestFirst()) {
            if ((its.ignored[i] & bit) == 0) {
                ranked.add((its.hits[i] & bit) != 0);
            }
        }
        return ranked.averagePrecision(its.truthCount);
    }

    /**
     * The share of true boxes that are found with at most so many detections of the class in an image, the mean over all thresholds;
     * {@link #UNDEFINED} where no true box counts.
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
        return (double) found / its.truthCount / IouThresholds.COUNT;
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
