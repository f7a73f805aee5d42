package yolompi.data.sampler;

import java.util.List;
import yolompi.data.SampleRef;
import yolompi.data.shard.ShardSet;

/**
 * The endless stream of training samples: epoch 0, then epoch 1, and so on. An epoch has N samples;
 * without class balancing it contains every sample once. The order is a pure function of seed and
 * position, whatever the sequence of calls. Thread-safe.
 */
public sealed interface SampleOrder permits ShuffledEpochs, ClassBalancedSampler, ShuffledWindows {
    /** Any sample may follow any other: the best shuffle, with reads from all shards. */
    static SampleOrder full(int samples, long seed) {
        return new ShuffledEpochs(samples, seed);
    }

    /** The full order with images of rare classes more often than others. */
    static SampleOrder balanced(RepeatFactors balance, long seed) {
        return new ClassBalancedSampler(balance, seed);
    }

    /**
     * Shuffles within windows, so that consecutive reads come from few shards.
     *
     * @param shardRecords number of records in each shard, see {@link ShardSet#recordCounts}
     * @param window number of adjacent records that are shuffled together, at least 1
     */
    static SampleOrder windows(List<Integer> shardRecords, int window, long seed) {
        return new ShuffledWindows(shardRecords, window, seed);
    }

    /** N, number of samples in an epoch. */
    int samples();

    /** The sample at a position of the stream, from 0; epoch e begins at position e·N. */
    SampleRef at(long position);

    /**
     * A partner image for mosaic or mixup: any image of the set; for windowed orders, any image of
     * the same block.
     *
     * @param uniform selects the image; at least 0, below 1
     * @return its index in the shard set
     */
    default int partner(SampleRef reading, double uniform) {
        return (int) (uniform * samples());
    }

    /** All parameters of the order as text. Two orders with the same text are the same order. */
    String describe();
}
