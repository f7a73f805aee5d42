package yolompi.data;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The order for storage that wants neighbouring reads. With N samples and W = min(window, N), an
 * epoch comes about like this:
 *
 * <ol>
 *   <li>The first number of {@link Seeds#shards} gives the phase, {@link FisherYates#below} W;
 *       where W = N the phase is 0 and none is drawn.
 *   <li>The shards, 0 to the last, are shuffled by {@link FisherYates} with the numbers that
 *       follow. Their records, shard after shard in that order and each shard from its first record
 *       to its last, are a sequence of N.
 *   <li>The sequence is cut into blocks: block b holds its places from max(0, b·W − phase) up to
 *       min(N, (b+1)·W − phase).
 *   <li>Each block is shuffled by {@link FisherYates} with the numbers of {@link Seeds#window} for
 *       epoch and block.
 * </ol>
 *
 * <p>So position p of an epoch is in block (p + phase) / W, and is known without walking the epoch:
 * blocks do not depend on each other. W positions in a row lie in at most two blocks, which are 2·W
 * neighbours in the sequence. The phase moves the cuts from epoch to epoch, so that records which
 * shared a block don't always do.
 *
 * <p>Images that are joined with a reading come from its own block, so that they lie in the shards
 * that are read just then anyway.
 */
final class ShuffledWindows implements SampleOrder {
    private final ShardRows rows;
    private final List<Integer> shardRecords;
    private final int window;
    private final long seed;

    /** Those of the last even and of the last odd epoch. */
    private final Sequence[] sequences = {Sequence.NONE, Sequence.NONE};

    /** The two blocks used last, so that a step across two blocks finds both. */
    private Block latest = new Block(-1, 0, new int[0]);

    private Block before = latest;

    /**
     * The shards of an epoch, one behind another.
     *
     * @param phase where the first cut is
     * @param shards in their order
     * @param starts the place of the first record of each shard, by the shard's number
     */
    private record Sequence(int epoch, int phase, int[] shards, int[] starts) {
        static final Sequence NONE = new Sequence(-1, 0, new int[0], new int[0]);
    }

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
    public int partner(SampleRef reading, double uniform) {
        Sequence sequence = sequence(reading.epoch());
        ShardRows.Position position = rows.of(reading.index());
        Span block = blockAround(sequence.starts()[position.shard()] + position.row(), sequence);
        int place = block.from() + (int) (uniform * block.length());
        return neighbours(sequence.shards(), new Span(place, place + 1))[0];
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
        Sequence sequence = sequence(epoch);
        Span places = blockAround(place, sequence);
        int[] samples = neighbours(sequence.shards(), places);
        FisherYates.shuffle(samples, Seeds.window(seed, epoch, number(place, sequence)));
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
        SplittableRandom random = Seeds.shards(seed, epoch);
        int phase = window == samples() ? 0 : FisherYates.below(window, random);
        int[] shards = IntStream.range(0, shardRecords.size()).toArray();
        FisherYates.shuffle(shards, random);
        int[] starts = new int[shards.length];
        int start = 0;
        for (int shard : shards) {
            starts[shard] = start;
            start += shardRecords.get(shard);
        }
        return new Sequence(epoch, phase, shards, starts);
    }

    /** The samples at some places of the sequence that the shards make in this order. */
    private int[] neighbours(int[] shards, Span places) {
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
