package yolompi.data;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The order for storage that wants neighbouring reads. With N samples and W = min(window, N), an epoch comes about like this:
 *
 * <ol>
 *   <li>The first number of {@link Seeds#shards} gives the phase, {@link FisherYates#below} W; where W = N the phase is 0 and none is drawn.
 *   <li>The shards, 0 to the last, are shuffled by {@link FisherYates} with the numbers that follow. Their records, shard after shard in that
 *       order and each shard from its first record to its last, are a sequence of N.
 *   <li>The sequence is cut into blocks: block b holds its places from max(0, b·W − phase) up to min(N, (b+1)·W − phase).
 *   <li>Each block is shuffled by {@link FisherYates} with the numbers of {@link Seeds#window} for epoch and block.
 * </ol>
 *
 * <p>So position p of an epoch is in block (p + phase) / W, and is known without walking the epoch: blocks do not depend on each other. W
 * positions in a row lie in at most two blocks, which are 2·W neighbours in the sequence. The phase moves the cuts from epoch to epoch, so that
 * records which shared a block don't always do.
 */
final class ShuffledWindows implements SampleOrder {
    private final ShardRows rows;
    private final List<Integer> shardRecords;
    private final int window;
    private final long seed;

    /** The two blocks used last, so that a step across two blocks finds both. */
    private Block latest = new Block(-1, 0, new int[0]);

    private Block before = latest;

    /** The samples at the places from {@code from} of an epoch, shuffled. */
    private record Block(int epoch, int from, int[] samples) {
        boolean holds(int wantedEpoch, int place) {
            return wantedEpoch == epoch && place >= from && place < from + samples.length;
        }
    }

    ShuffledWindows(List<Integer> shardRecords, int window, long seed) {
        if (window < 1) {
            throw new IllegalArgumentException("window of " + window + " records: expected at least 1");
        }
        this.shardRecords = List.copyOf(shardRecords);
        this.rows = new ShardRows(shardRecords);
        this.window = Math.min(window, rows.size());
        this.seed = seed;
    }

    @Override
    public int samples() {
        return rows.size();
    }

    @Override
    public SampleRef at(long position) {
        int epoch = Math.toIntExact(position / samples());
        int place = (int) (position % samples());
        Block block = block(epoch, place);
        return new SampleRef(epoch, block.samples()[place - block.from()]);
    }

    @Override
    public String describe() {
        return "windows of %d, %d samples in %d shards (their sizes hash to %08x), seed %d"
                .formatted(window, samples(), shardRecords.size(), shardRecords.hashCode(), seed);
    }

    private synchronized Block block(int epoch, int place) {
        if (!latest.holds(epoch, place)) {
            Block found = before.holds(epoch, place) ? before : shuffled(epoch, place);
            before = latest;
            latest = found;
        }
        return latest;
    }

    /** The block that holds a place of an epoch. */
    private Block shuffled(int epoch, int place) {
        SplittableRandom random = Seeds.shards(seed, epoch);
        int phase = window == samples() ? 0 : FisherYates.below(window, random);
        int[] shards = IntStream.range(0, shardRecords.size()).toArray();
        FisherYates.shuffle(shards, random);
        int number = (int) (((long) place + phase) / window);
        long cut = (long) number * window - phase;
        int[] samples = neighbours(shards, (int) Math.max(0, cut), (int) Math.min(samples(), cut + window));
        FisherYates.shuffle(samples, Seeds.window(seed, epoch, number));
        return new Block(epoch, (int) Math.max(0, cut), samples);
    }

    /** The samples at the places {@code from} up to {@code end} of the sequence that the shards make in this order. */
    private int[] neighbours(int[] shards, int from, int end) {
        int[] samples = new int[end - from];
        int start = 0;
        for (int shard : shards) {
            int next = start + shardRecords.get(shard);
            for (int place = Math.max(from, start); place < Math.min(end, next); place++) {
                samples[place - from] = rows.firstOf(shard) + place - start;
            }
            start = next;
        }
        return samples;
    }
}
