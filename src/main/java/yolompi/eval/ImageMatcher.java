package yolompi.eval;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import yolompi.detect.Detection;
import yolompi.geometry.Box;
import yolompi.geometry.LabeledBox;

/**
 * Gives the detections of one class in one image to its true boxes, as {@code COCOeval.evaluateImg} of pycocotools does: best detection
 * first, each to the free true box with which it overlaps most; an ignored one only where no other fits. An ignored box takes any number
 * of detections and overlaps by the share of the detection that lies in it.
 */
final class ImageMatcher {
    private static final int NONE = -1;

    private final List<Detection> detections;
    private final AreaRange areas;
    private final List<LabeledBox> truth;
    private final int countedTruth;
    private final double[][] overlaps;

    /** @param detections best first, of the class of {@code truth} */
    ImageMatcher(List<Detection> detections, List<LabeledBox> truth, AreaRange areas) {
        this.detections = detections;
        this.areas = areas;
        this.truth = Stream.concat(
                        truth.stream().filter(this::counts), truth.stream().filter(box -> !counts(box)))
                .toList();
        this.countedTruth = (int) truth.stream().filter(this::counts).count();
        this.overlaps = detections.stream()
                .map(detection -> overlapsOf(detection.box()))
                .toArray(double[][]::new);
    }

    /** Adds the outcome of this image to what is known about its class. */
    void addTo(ClassTally tally) {
        int[] hits = new int[detections.size()];
        int[] ignored = new int[detections.size()];
        for (int threshold = 0; threshold < IouThresholds.COUNT; threshold++) {
            match(threshold, hits, ignored);
        }
        for (int i = 0; i < hits.length; i++) {
            tally.addDetection(detections.get(i).score(), hits[i], ignored[i]);
        }
        tally.addTruth(countedTruth);
    }

    /** Sets the threshold's bit of each detection that hits a counted box, or that is not to be judged. */
    private void match(int threshold, int[] hits, int[] ignored) {
        boolean[] taken = new boolean[truth.size()];
        int bit = 1 << threshold;
        for (int i = 0; i < hits.length; i++) {
            int best = bestTruth(overlaps[i], taken, IouThresholds.at(threshold));
            if (best == NONE) {
                ignored[i] |= areas.holds(area(detections.get(i).box())) ? 0 : bit;
            } else if (best < countedTruth) {
                hits[i] |= bit;
                taken[best] = true;
            } else {
                ignored[i] |= bit;
                taken[best] = true;
            }
        }
    }

    private int bestTruth(double[] overlap, boolean[] taken, double minOverlap) {
        int best = NONE;
        double atLeast = minOverlap;
        for (int i = 0; i < overlap.length; i++) {
            if (i == countedTruth && best != NONE) {
                break;
            }
            boolean free = !taken[i] || truth.get(i).ignored();
            if (free && overlap[i] >= atLeast) {
                atLeast = overlap[i];
                best = i;
            }
        }
        return best;
    }

    private boolean counts(LabeledBox box) {
        return !box.ignored() && areas.holds(area(box.box()));
    }

    private double[] overlapsOf(Box detection) {
        double[] overlap = new double[truth.size()];
        Arrays.setAll(overlap, i -> overlap(detection, truth.get(i)));
        return overlap;
    }

    /** In double, as pycocotools computes it, so that an overlap right at a threshold falls on the same side. */
    private static double overlap(Box detection, LabeledBox truth) {
        Box box = truth.box();
        double width = (double) Math.min(detection.x2(), box.x2()) - Math.max(detection.x1(), box.x1());
        double height = (double) Math.min(detection.y2(), box.y2()) - Math.max(detection.y1(), box.y1());
        if (width <= 0 || height <= 0) {
            return 0;
        }
        double shared = width * height;
        return shared / (truth.ignored() ? area(detection) : area(detection) + area(box) - shared);
    }

    private static double area(Box box) {
        return ((double) box.x2() - box.x1()) * ((double) box.y2() - box.y1());
    }
}
