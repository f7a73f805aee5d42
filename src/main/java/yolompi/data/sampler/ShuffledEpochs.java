package yolompi.data.sampler;

import java.util.SplittableRandom;
import yolompi.data.SampleRef;

/**
 * The full order: each epoch is a permutation of the whole set. {@link RandomStreams#shuffle}
 * shuffles 0 … N−1 with the random numbers of {@link RandomStreams#order}.
 */
final class ShuffledEpochs implements SampleOrder {
    private final int samples;
    private final long seed;

    /**
     * The permutations of the latest even and of the latest odd epoch: a step may span two epochs.
     */
    private final int[][] orders = new int[2][0];

    private final int[] epochs = {-1, -1};

    ShuffledEpochs(int samples, long seed) {
        this.samples = samples;
        this.seed = seed;
    }

    @Override
    public int samples() {
        return samples;
    }

    @Override
    public SampleRef at(long position) {
        int epoch = Math.toIntExact(position / samples);
        return new SampleRef(epoch, order(epoch)[(int) (position % samples)]);
    }

    @Override
    public String describe() {
        return "full, %d samples, seed %d".formatted(samples, seed);
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
        SplittableRandom random = RandomStreams.order(seed, epoch);
        RandomStreams.shuffle(order, random);
        return order;
    }
}
