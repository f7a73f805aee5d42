package yolompi.data;

import java.util.SplittableRandom;

/**
 * The endless stream of samples: the permutation of epoch 0, then that of epoch 1, and so on. Safe to call from several threads.
 *
 * <p>A permutation starts as 0 … N−1; then for i from N−1 down to 1, entry i changes places with entry
 * {@code ((nextLong >>> 32) · (i + 1)) >>> 32} (Fisher–Yates), drawn from {@link Seeds#order}.
 */
final class ShuffledEpochs {
    private final int samples;
    private final long seed;

    /** The last permutation of even and of odd epochs, so that a step across two epochs finds both. */
    private final int[][] orders = new int[2][0];

    private final int[] epochs = {-1, -1};

    ShuffledEpochs(int samples, long seed) {
        this.samples = samples;
        this.seed = seed;
    }

    SampleRef at(long position) {
        int epoch = Math.toIntExact(position / samples);
        return new SampleRef(epoch, order(epoch)[(int) (position % samples)]);
    }

    private synchronized int[] order(int epoch) {
        int slot = epoch & 1;
        if (epochs[slot] != epoch) {
            orders[slot] = permutation(epoch);
            epochs[slot] = epoch;
        }
        return orders[slot];
    }

    private int[] permutation(int epoch) {
        int[] order = new int[samples];
        for (int i = 0; i < samples; i++) {
            order[i] = i;
        }
        SplittableRandom random = Seeds.order(seed, epoch);
        for (int i = samples - 1; i > 0; i--) {
            int other = (int) (((random.nextLong() >>> 32) * (i + 1)) >>> 32);
            int moved = order[i];
            order[i] = order[other];
            order[other] = moved;
        }
        return order;
    }
}
