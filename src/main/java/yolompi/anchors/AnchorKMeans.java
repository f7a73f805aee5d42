package yolompi.anchors;

import java.util.Arrays;
import java.util.SplittableRandom;
import yolompi.data.sampler.RandomStreams;

/**
 * k-means of box shapes with 1 - IoU as the distance (Redmon and Farhadi, YOLO9000, section 2,
 * "Dimension clusters"). It is initialized as k-means++ (Arthur and Vassilvitskii, 2007): each
 * further center is a box, drawn with a probability in proportion to its distance to the nearest
 * previous center. A center moves to the mean width and height of its boxes.
 */
final class AnchorKMeans {
    /** Far more than needed in practice: the loop ends when no box changes its center. */
    private static final int MAX_PASSES = 300;

    private final BoxShapes boxes;
    private final int count;
    private final float[] best;
    private final int[] nearest;

    private AnchorKMeans(BoxShapes boxes, int count) {
        this.boxes = boxes;
        this.count = count;
        best = new float[boxes.count()];
        nearest = new int[boxes.count()];
    }

    /**
     * The centers of the pass with the best fit. This is not always the last pass, because moving
     * to the mean need not lower the distance. If the boxes have fewer shapes than there are
     * centers, some centers are equal.
     *
     * @return {@code [count,2]}: width, height
     */
    static float[] centers(BoxShapes boxes, int count, SplittableRandom random) {
        AnchorKMeans clusters = new AnchorKMeans(boxes, count);
        return clusters.settle(clusters.begin(random));
    }

    private float[] begin(SplittableRandom random) {
        float[] centers = new float[0];
        int chosen = RandomStreams.below(boxes.count(), random);
        while (true) {
            centers = with(centers, chosen);
            if (centers.length == 2 * count) {
                return centers;
            }
            AnchorFit.meanIou(boxes, centers, best);
            chosen = farBox(random.nextDouble());
        }
    }

    private float[] with(float[] centers, int box) {
        float[] more = new float[centers.length + 2];
        System.arraycopy(centers, 0, more, 0, centers.length);
        more[centers.length] = boxes.widths()[box];
        more[centers.length + 1] = boxes.heights()[box];
        return more;
    }

    /**
     * The box at the given fraction, 0 to 1, of the cumulative distance; the first box if all
     * distances are 0.
     */
    private int farBox(double part) {
        double total = 0;
        for (float iou : best) {
            total += 1 - iou;
        }
        double sum = 0;
        int last = 0;
        for (int box = 0; box < best.length; box++) {
            if (best[box] < 1) {
                last = box;
                sum += 1 - best[box];
                if (sum > part * total) {
                    return box;
                }
            }
        }
        return last;
    }

    private float[] settle(float[] begun) {
        float[] centers = begun;
        float[] fittest = begun;
        double fit = 0;
        int[] before = new int[0];
        for (int pass = 0; pass < MAX_PASSES; pass++) {
            double meanIou = AnchorFit.nearest(boxes, centers, best, nearest);
            if (meanIou > fit) {
                fit = meanIou;
                fittest = centers;
            }
            if (Arrays.equals(before, nearest)) {
                break;
            }
            before = nearest.clone();
            centers = means(centers);
        }
        return fittest;
    }

    /** A center without boxes does not move. */
    private float[] means(float[] centers) {
        double[] sums = new double[centers.length];
        int[] members = new int[count];
        for (int box = 0; box < nearest.length; box++) {
            members[nearest[box]]++;
            sums[2 * nearest[box]] += boxes.widths()[box];
            sums[2 * nearest[box] + 1] += boxes.heights()[box];
        }
        float[] moved = centers.clone();
        for (int i = 0; i < moved.length; i++) {
            if (members[i / 2] > 0) {
                moved[i] = (float) (sums[i] / members[i / 2]);
            }
        }
        return moved;
    }
}
