package yolompi.data;

import java.util.List;

/**
 * The endless stream of samples of a training: those of epoch 0, then of epoch 1, and so on. N
 * samples make an epoch, and where classes are not balanced it has every sample once. A pure
 * function of the seed and the position, whoever asks for whatever first. Safe to call from several
 * threads.
 */
public sealed interface SampleOrder permits ShuffledEpochs, BalancedEpochs, ShuffledWindows {
    /** Any sample may follow on any other: the best mixture, and reads all over the set. */
    static SampleOrder full(int samples, long seed) {
        return new ShuffledEpochs(samples, seed);
    }

    /** The same mixture, with images of rare classes oftener than others. */
    static SampleOrder balanced(ClassBalance balance, long seed) {
        return new BalancedEpochs(balance, seed);
    }

    /**
     * Reads stay inside few shards at a time.
     *
     * @param shardRecords number of records of each shard, see {@link ShardSet#recordCounts}
     * @param window how many neighbouring records are mixed with each other, at least 1
     */
    static SampleOrder windows(List<Integer> shardRecords, int window, long seed) {
        return new ShuffledWindows(shardRecords, window, seed);
    }

    /** N, the samples of an epoch. */
    int samples();

    /** The sample at a position of the stream, from 0; epoch e begins at position e·N. */
    SampleRef at(long position);

    /**
     * An image to be joined with one that is read (mosaic, mixup): any of the set; where reads stay
     * inside few shards, any of the same block.
     *
     * @param uniform which of them, 0 to 1, 1 excluded
     * @return its index in the shard set
     */
    default int partner(SampleRef reading, double uniform) {
        return (int) (uniform * samples());
    }

    /** All that the order depends on, as text: two orders with the same text are the same order. */
    String describe();
}
