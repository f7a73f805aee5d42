package yolompi.data.sampler;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import yolompi.data.shard.ShardSet;
import yolompi.geometry.LabeledBox;

/**
 * Image weights that make rare classes more frequent in training.
 *
 * <p>The weight of an image is the largest (f_max / f_c)^b over the classes c of its boxes, where
 * f_c is the number of images with class c. The length of an epoch stays the same: an image of
 * weight w is read N·w/Σw times on average. These are the repeat factors of Gupta, Dollár and
 * Girshick (LVIS, 2019, section 5.1), with b = 1/2, but with the most common class instead of a
 * threshold. Ignored boxes do not count. An image without boxes has weight 1, like an image of the
 * most common class.
 */
public final class RepeatFactors {
    private final double strength;
    private final int[] imagesOfClass;
    private final double[] weights;

    /** For each class the mean number of readings per epoch that contain it. */
    private final double[] readingsOfClass;

    private RepeatFactors(double strength, List<int[]> classesOfImages, int classes) {
        this.strength = strength;
        imagesOfClass = new int[classes];
        classesOfImages.forEach(present -> Arrays.stream(present).forEach(c -> imagesOfClass[c]++));
        double[] classWeights = weights(imagesOfClass, strength);
        weights = classesOfImages.stream()
                .mapToDouble(present -> Arrays.stream(present)
                        .mapToDouble(c -> classWeights[c])
                        .max()
                        .orElse(1))
                .toArray();
        readingsOfClass = new double[classes];
        double total = Arrays.stream(weights).sum();
        for (int image = 0; image < weights.length; image++) {
            for (int c : classesOfImages.get(image)) {
                readingsOfClass[c] += weights.length * weights[image] / total;
            }
        }
    }

    /**
     * Computes the weights of a set; reads nothing from disk.
     *
     * @param strength exponent b, 0 to 1. 0: equal weights; 1: in inverse proportion to the number
     *     of images with the class
     */
    public static RepeatFactors of(ShardSet shards, double strength) {
        return of(shards::boxes, shards.size(), shards.names().size(), strength);
    }

    static RepeatFactors of(IntFunction<List<LabeledBox>> boxes, int images, int classes, double strength) {
        return new RepeatFactors(
                strength,
                IntStream.range(0, images)
                        .mapToObj(image -> classesIn(boxes.apply(image)))
                        .toList(),
                classes);
    }

    private static int[] classesIn(List<LabeledBox> boxes) {
        return boxes.stream()
                .filter(box -> !box.ignored())
                .mapToInt(LabeledBox::classId)
                .distinct()
                .toArray();
    }

    /** Uses StrictMath, because all ranks must get the same bits on any processor. */
    private static double[] weights(int[] imagesOfClass, double strength) {
        int most = Arrays.stream(imagesOfClass).max().orElse(0);
        return Arrays.stream(imagesOfClass)
                .mapToDouble(count -> count == 0 ? 1 : StrictMath.pow((double) most / count, strength))
                .toArray();
    }

    public double strength() {
        return strength;
    }

    /** Number of images, N. */
    public int images() {
        return weights.length;
    }

    /** Number of images with boxes of a class. */
    public int imagesOf(int classId) {
        return imagesOfClass[classId];
    }

    /**
     * Mean number of readings per epoch of an image with the class; NaN if there is no such image.
     */
    public double readingsOf(int classId) {
        return readingsOfClass[classId] / imagesOfClass[classId];
    }

    /** Weight of an image, at least 1. */
    double weight(int image) {
        return weights[image];
    }

    int weightsHash() {
        return Arrays.hashCode(weights);
    }
}
