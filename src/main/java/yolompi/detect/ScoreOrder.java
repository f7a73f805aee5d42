package yolompi.detect;

import java.util.Arrays;

/** The order in which detections are taken: best first, and of equal scores the earlier one, on every machine and run. */
public final class ScoreOrder {
    private ScoreOrder() {}

    /**
     * Indices into {@code scores} from the highest score to the lowest; equal scores keep their order, as in a stable sort.
     *
     * @param scores numbers, none of them NaN
     */
    public static int[] bestFirst(float[] scores) {
        long[] keys = new long[scores.length];
        for (int i = 0; i < scores.length; i++) {
            keys[i] = (long) ~ascendingBits(scores[i]) << 32 | i;
        }
        return sorted(keys);
    }

    /** The same for scores in double precision. */
    public static int[] bestFirst(double[] scores) {
        double[] distinct = distinct(scores);
        long[] keys = new long[scores.length];
        for (int i = 0; i < scores.length; i++) {
            long worse = Arrays.binarySearch(distinct, scores[i] + 0.0);
            keys[i] = (distinct.length - worse) << 32 | i;
        }
        return sorted(keys);
    }

    /** Ascending, and -0.0 as 0.0: they are equal scores. */
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

    /** The lower halves of the keys in the order of the whole keys. */
    private static int[] sorted(long[] keys) {
        Arrays.sort(keys);
        int[] order = new int[keys.length];
        for (int i = 0; i < keys.length; i++) {
            order[i] = (int) keys[i];
        }
        return order;
    }

    /** An int that compares as the float does. */
    private static int ascendingBits(float score) {
        int bits = Float.floatToIntBits(score + 0f); // -0.0 becomes 0.0: they are equal scores
        return bits ^ (bits >> 31 & Integer.MAX_VALUE);
    }
}
