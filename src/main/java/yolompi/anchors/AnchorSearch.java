package yolompi.anchors;

import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import yolompi.InputException;
import yolompi.WrongUsageException;

/**
 * Finds anchors that fit boxes: the best of several {@link AnchorKMeans}, refined by mutation as
 * in Ultralytics' autoanchor. Training assigns a box to the anchor with the best IoU, so the search
 * maximizes the mean best IoU. It rejects mutations that lower the best possible recall. The result
 * is a pure function of boxes and seed.
 *
 * @param count number A of anchors
 * @param generations mutations to try; 0: clusters only
 */
public record AnchorSearch(int count, int generations, long seed) {
    /** k-means++ depends on its start: take the best of this many runs. */
    private static final int STARTS = 5;

    /**
     * More boxes need many more passes to converge, but do not give better clusters. Mutation uses
     * all boxes.
     */
    private static final int MAX_CLUSTERED = 10_000;

    private static final double MUTATED = 0.9; // probability per edge
    private static final double DEVIATION = 0.1;
    private static final double MIN_FACTOR = 0.3;
    private static final double MAX_FACTOR = 3;
    private static final int MAX_COUNT = 1000;

    public AnchorSearch {
        if (count < 1 || count > MAX_COUNT) {
            throw new WrongUsageException(count + " anchors: expected 1 to " + MAX_COUNT);
        }
        if (generations < 0) {
            throw new WrongUsageException(generations + " generations: expected at least 0");
        }
    }

    /**
     * Searches.
     *
     * @return {@code [A,2]}: width, height in input pixels, in ascending order of area; some are
     *     equal if the boxes have fewer than A shapes
     * @throws InputException if there is no box
     */
    public float[] fitTo(BoxShapes boxes) {
        if (boxes.count() == 0) {
            throw new InputException(
                    "found no box to fit anchors to in %d images (%d ignored, %d too small): expected at least one"
                            .formatted(boxes.images(), boxes.ignored(), boxes.small()));
        }
        SplittableRandom random = new SplittableRandom(seed);
        return byArea(refined(clusters(boxes, random), boxes, random));
    }

    private float[] clusters(BoxShapes boxes, SplittableRandom random) {
        BoxShapes some = boxes.thinned(MAX_CLUSTERED);
        float[] best = new float[boxes.count()];
        float[] fittest = new float[0];
        double fit = -1;
        for (int start = 0; start < STARTS; start++) {
            float[] found = AnchorKMeans.centers(some, count, random);
            double meanIou = AnchorFit.meanIou(boxes, found, best);
            if (meanIou > fit) {
                fit = meanIou;
                fittest = found;
            }
        }
        return fittest;
    }

    private float[] refined(float[] begun, BoxShapes boxes, SplittableRandom random) {
        float[] best = new float[boxes.count()];
        float[] anchors = begun;
        double fit = AnchorFit.meanIou(boxes, anchors, best);
        double recall = AnchorFit.recall(boxes, anchors);
        for (int generation = 0; generation < generations; generation++) {
            float[] changed = mutate(anchors, random);
            double changedFit = AnchorFit.meanIou(boxes, changed, best);
            if (changedFit > fit) {
                double changedRecall = AnchorFit.recall(boxes, changed);
                if (changedRecall >= recall) {
                    anchors = changed;
                    fit = changedFit;
                    recall = changedRecall;
                }
            }
        }
        return anchors;
    }

    private static float[] mutate(float[] anchors, SplittableRandom random) {
        float[] changed = anchors.clone();
        double strength = random.nextDouble() * DEVIATION;
        for (int i = 0; i < changed.length; i++) {
            double factor = 1 + strength * gaussian(random);
            if (random.nextDouble() < MUTATED) {
                changed[i] *= (float) Math.max(MIN_FACTOR, Math.min(factor, MAX_FACTOR));
            }
        }
        return changed;
    }

    /** Box–Muller transform in StrictMath: nextGaussian may differ between Java versions. */
    private static double gaussian(SplittableRandom random) {
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
        return radius * StrictMath.cos(2 * Math.PI * random.nextDouble());
    }

    private static float[] byArea(float[] anchors) {
        float[] sorted = new float[anchors.length];
        int[] order = IntStream.range(0, anchors.length / 2)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> anchors[2 * i] * anchors[2 * i + 1]))
                .mapToInt(Integer::intValue)
                .toArray();
        for (int i = 0; i < order.length; i++) {
            sorted[2 * i] = anchors[2 * order[i]];
            sorted[2 * i + 1] = anchors[2 * order[i] + 1];
        }
        return sorted;
    }
}
