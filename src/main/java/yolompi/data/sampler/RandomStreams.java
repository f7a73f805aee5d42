package yolompi.data.sampler;

import java.util.SplittableRandom;
import yolompi.data.SampleRef;

/**
 * Independent streams of random numbers, and the shuffle of every sample order. Each stream is a
 * pure function of the run's seed and of its purpose, never of a rank, a thread or the clock.
 *
 * <p>A stream is SplitMix64 ({@link SplittableRandom#nextLong}; Steele, Lea, Flood, "Fast
 * splittable pseudorandom number generators", 2014). Its start state folds each part into the seed
 * in turn: {@code state = mix(state + part · 0x9E3779B97F4A7C15 + purpose)}, with Stafford's
 * variant 13 of the 64-bit finalizer as {@code mix}. Any change here changes the order and
 * augmentation of every run.
 */
public final class RandomStreams {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
    private static final long BALANCE = 0x62616C616E6365L;
    private static final long ORDER = 0x6F72646572L;
    private static final long MIXING = 0x6D6978696E67L;
    private static final long READING = 0x72656164L;
    private static final long SIZES = 0x73697A6573L;
    private static final long REPEAT = 0x726570656174L;
    private static final long SHARDS = 0x736861726473L;
    private static final long WINDOW = 0x77696E646F77L;

    private RandomStreams() {}

    /** For the order of the samples in an epoch. */
    static SplittableRandom order(long seed, int epoch) {
        return new SplittableRandom(fold(fold(seed, 0, ORDER), epoch, ORDER));
    }

    /** For the rounding in an epoch with balanced classes. */
    static SplittableRandom balance(long seed, int epoch) {
        return new SplittableRandom(fold(fold(seed, 0, BALANCE), epoch, BALANCE));
    }

    /** For the order of the shards in an epoch. */
    static SplittableRandom shards(long seed, int epoch) {
        return new SplittableRandom(fold(fold(seed, 0, SHARDS), epoch, SHARDS));
    }

    /** For the order of the samples inside one block of an epoch. */
    static SplittableRandom window(long seed, int epoch, int block) {
        return new SplittableRandom(fold(fold(fold(seed, 0, WINDOW), epoch, WINDOW), block, WINDOW));
    }

    /** For the augmentation of one reading of one sample. */
    public static SplittableRandom reading(long seed, SampleRef reading) {
        return of(seed, reading, READING);
    }

    /** For the mixup of one reading of one sample. */
    public static SplittableRandom mixing(long seed, SampleRef reading) {
        return of(seed, reading, MIXING);
    }

    /** Folds in the repeat only if it is not 0. */
    private static SplittableRandom of(long seed, SampleRef reading, long purpose) {
        long first = fold(fold(fold(seed, 0, purpose), reading.epoch(), purpose), reading.index(), purpose);
        return new SplittableRandom(reading.repeat() == 0 ? first : fold(first, reading.repeat(), REPEAT));
    }

    /** For the input size in one interval of steps. */
    static SplittableRandom sizes(long seed, long stretch) {
        return new SplittableRandom(fold(fold(seed, 0, SIZES), stretch, SIZES));
    }

    /**
     * Fisher–Yates: for i from the last entry down to 1, swaps entry i with entry
     * {@code ((nextLong >>> 32) · (i + 1)) >>> 32}.
     */
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

    private static long fold(long state, long part, long purpose) {
        long z = state + part * GOLDEN_GAMMA + purpose;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
