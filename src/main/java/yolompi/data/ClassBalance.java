package yolompi.data;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import yolompi.geometry.LabeledBox;

/**
 * How often each image is read so that rare classes are seen oftener. An image's weight is the
 * largest (f_max / f_c)^b over the classes c of its boxes, f_c being the number of images with
 * class c; an epoch keeps its length, so an image of weight w is read N·w/Σw times in it, on
 * average. Like the repeat factors of Gupta, Dollár and Girshick (LVIS, 2019, section 5.1), where b
 * is 1/2, with the commonest class in place of a threshold. Ignored boxes count as none; an image
 * without boxes weighs 1, like one of the commonest class.
 */
public final class ClassBalance {
    private final double strength;
    private final int[] imagesOfClass;
    private final double[] weights;

    /** Reads for each class how many readings of an epoch show it. */
    private final double[] readingsOfClass;

    private ClassBalance(double strength, List<int[]> classesOfImages, int classes) {
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
     * Weighs the images of a set; reads nothing from disk.
     *
     * @param strength b, 0 to 1: 0 weighs all alike, 1 in inverse proportion to how many images
     *     hold the class
     */
    public static ClassBalance of(ShardSet shards, double strength) {
        return of(shards::boxes, shards.size(), shards.names().size(), strength);
    }

    static ClassBalance of(IntFunction<List<LabeledBox>> boxes, int images, int classes, double strength) {
        return new ClassBalance(
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

    /** StrictMath, since all ranks must find the same bits on whatever processors. */
    private static double[] weights(int[] imagesOfClass, double strength) {
        int most = Arrays.stream(imagesOfClass).max().orElse(0);
        return Arrays.stream(imagesOfClass)
                .mapToDouble(count -> count == 0 ? 1 : StrictMath.pow((double) most / count, strength))
                .toArray();
    }

    public double strength() {
        return strength;
    }

    /** N. */
    public int images() {
        return weights.length;
    }

    /** Number of images with boxes of a class. */
    public int imagesOf(int classId) {
        return imagesOfClass[classId];
    }

    /**
     * How many times an epoch reads an image that holds the class, on average; NaN where there is
     * none.
     */
    public double readingsOf(int classId) {
        return readingsOfClass[classId] / imagesOfClass[classId];
    }

    /** At least 1. */
    double weight(int image) {
        return weights[image];
    }

    int weightsHash() {
        return Arrays.hashCode(weights);
    }
}
