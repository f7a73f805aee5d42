package yolompi.data.sampler;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import yolompi.data.SampleRef;
import yolompi.data.sampler.RankShare.Span;
import yolompi.data.shard.ShardSet.ShardRows;

/**
 * The windowed order, for storage that is fast only for adjacent reads. With N samples and W =
 * min(window, N), an epoch is computed as follows:
 *
 * <ol>
 *   <li>The first number of {@link RandomStreams#shards} gives the phase,
 *       {@link RandomStreams#below} W. If W = N, the phase is 0 and no number is drawn.
 *   <li>{@link RandomStreams#shuffle} shuffles the shards, initially in ascending order, with the
 *       numbers that follow. The records of the shards in this order form a sequence of length N;
 *       records of one shard stay in their order.
 *   <li>The sequence is split into blocks: block b has the places from max(0, b·W − phase) to
 *       min(N, (b+1)·W − phase) − 1.
 *   <li>{@link RandomStreams#shuffle} shuffles each block with the numbers of
 *       {@link RandomStreams#window} for epoch and block.
 * </ol>
 *
 * <p>So position p of an epoch is in block (p + phase) / W. It can be computed without iterating
 * over the epoch, because blocks are independent. W consecutive positions are in at most two
 * blocks, which are 2·W adjacent places of the sequence. The phase moves the block borders from
 * epoch to epoch, so that records share a block with different records.
 *
 * <p>Partner images for mosaic and mixup come from the same block, so that they are in the shards
 * that are currently read.
 */
final class ShuffledWindows implements SampleOrder {
    private final ShardRows rows;
    private final List<Integer> shardRecords;
    private final int window;
    private final long seed;

    /** The sequences of the latest even and of the latest odd epoch. */
    private final Sequence[] sequences = {Sequence.NONE, Sequence.NONE};

    /** The two blocks used last: a step may span two blocks. */
    private Block latest = new Block(-1, 0, new int[0]);

    private Block before = latest;

    /**
     * The sequence of shards in an epoch.
     *
     * @param phase offset of the block borders
     * @param shards shard numbers in shuffled order
     * @param starts place of the first record of each shard, by shard number
     */
    private record Sequence(int epoch, int phase, int[] shards, int[] starts) {
        static final Sequence NONE = new Sequence(-1, 0, new int[0], new int[0]);
    }

    /** The shuffled samples of a block, which begins at place {@code from} of an epoch. */
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
    public int partner(SampleRef reading, double uniform) {
        Sequence sequence = sequence(reading.epoch());
        ShardRows.Position position = rows.of(reading.index());
        Span block = blockAround(sequence.starts()[position.shard()] + position.row(), sequence);
        int place = block.from() + (int) (uniform * block.length());
        return neighbors(sequence.shards(), new Span(place, place + 1))[0];
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

    /** The block that contains a place of an epoch. */
    private Block shuffled(int epoch, int place) {
        Sequence sequence = sequence(epoch);
        Span places = blockAround(place, sequence);
        int[] samples = neighbors(sequence.shards(), places);
        RandomStreams.shuffle(samples, RandomStreams.window(seed, epoch, number(place, sequence)));
        return new Block(epoch, places.from(), samples);
    }

    private int number(int place, Sequence sequence) {
        return (int) (((long) place + sequence.phase()) / window);
    }

    private Span blockAround(int place, Sequence sequence) {
        long cut = (long) number(place, sequence) * window - sequence.phase();
        return new Span((int) Math.max(0, cut), (int) Math.min(samples(), cut + window));
    }

    private synchronized Sequence sequence(int epoch) {
        int kept = epoch & 1;
        if (sequences[kept].epoch() != epoch) {
            sequences[kept] = shuffledShards(epoch);
        }
        return sequences[kept];
    }

    private Sequence shuffledShards(int epoch) {
        SplittableRandom random = RandomStreams.shards(seed, epoch);
        int phase = window == samples() ? 0 : RandomStreams.below(window, random);
        int[] shards = IntStream.range(0, shardRecords.size()).toArray();
        RandomStreams.shuffle(shards, random);
        int[] starts = new int[shards.length];
        int start = 0;
        for (int shard : shards) {
            starts[shard] = start;
            start += shardRecords.get(shard);
        }
        return new Sequence(epoch, phase, shards, starts);
    }

    /** The samples at the given places of the sequence of these shards. */
    private int[] neighbors(int[] shards, Span places) {
        int[] samples = new int[places.length()];
        int start = 0;
        for (int shard : shards) {
            int next = start + shardRecords.get(shard);
            for (int place = Math.max(places.from(), start); place < Math.min(places.end(), next); place++) {
                samples[place - places.from()] = rows.firstOf(shard) + place - start;
            }
            start = next;
        }
        return samples;
    }
}
