package yolompi.detect;

import java.util.Arrays;

/**
 * Sorts detections by descending score. Equal scores keep their order, so that the result is the
 * same on every machine and in every run.
 */
public final class ScoreOrder {
    private ScoreOrder() {}

    /**
     * Indices into {@code scores} from the highest score to the lowest; equal scores keep their
     * order, as in a stable sort.
     *
     * @param scores must not contain NaN
     */
    public static int[] bestFirst(float[] scores) {
        long[] keys = new long[scores.length];
        for (int i = 0; i < scores.length; i++) {
            keys[i] = (long) ~ascendingBits(scores[i]) << 32 | i;
        }
        return sorted(keys);
    }

    /** The same order for scores in double precision. */
    public static int[] bestFirst(double[] scores) {
        double[] distinct = distinct(scores);
        long[] keys = new long[scores.length];
        for (int i = 0; i < scores.length; i++) {
            long worse = Arrays.binarySearch(distinct, scores[i] + 0.0);
            keys[i] = (distinct.length - worse) << 32 | i;
        }
        return sorted(keys);
    }

    /**
     * The distinct scores in ascending order. -0.0 becomes 0.0, because the two are equal scores.
     */
    private static double[] distinct(double[] scores) {
        double[] sorted = new double[scores.length];
        Arrays.setAll(sorted, i -> scores[i] + 0.0);
        Arrays.sort(sorted);
        int count = 0;
        for (double score : sorted) {
            if (count == 0 || score > sorted[count - 1]) {
                sorted[count++] = score;
            }
        }
        return Arrays.copyOf(sorted, count);
    }

    /** Sorts the keys and returns their lower halves. */
    private static int[] sorted(long[] keys) {
        Arrays.sort(keys);
        int[] order = new int[keys.length];
        for (int i = 0; i < keys.length; i++) {
            order[i] = (int) keys[i];
        }
        return order;
    }

    /** An int that compares like the float. */
    private static int ascendingBits(float score) {
        int bits = Float.floatToIntBits(score + 0f); // -0.0 becomes 0.0: equal scores
        return bits ^ (bits >> 31 & Integer.MAX_VALUE);
    }
}
