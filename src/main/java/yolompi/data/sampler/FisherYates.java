package yolompi.data.sampler;

import java.util.SplittableRandom;

/**
 * The shuffle of every sample order: for i from the last entry down to 1, swap entry i with entry
 * {@code ((nextLong >>> 32) · (i + 1)) >>> 32}.
 */
public final class FisherYates {
    private FisherYates() {}

    static void shuffle(int[] entries, SplittableRandom random) {
        for (int i = entries.length - 1; i > 0; i--) {
            int other = below(i + 1, random);
            int moved = entries[i];
            entries[i] = entries[other];
            entries[other] = moved;
        }
    }

    /** A random number from 0 to bound − 1. */
    public static int below(int bound, SplittableRandom random) {
        return (int) (((random.nextLong() >>> 32) * bound) >>> 32);
    }
}
