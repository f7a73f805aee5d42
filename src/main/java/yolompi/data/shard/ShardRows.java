package yolompi.data.shard;

import java.util.Arrays;
import java.util.List;

/** Maps the index of a sample in the set to shard and row. */
public final class ShardRows {
    /** First index of each shard, followed by the size of the set. */
    private final int[] starts;

    /** The place of a sample. */
    public record Position(int shard, int row) {}

    public ShardRows(List<Integer> recordCounts) {
        starts = new int[recordCounts.size() + 1];
        for (int shard = 0; shard < recordCounts.size(); shard++) {
            starts[shard + 1] = Math.addExact(starts[shard], recordCounts.get(shard));
        }
    }

    public int size() {
        return starts[starts.length - 1];
    }

    public int firstOf(int shard) {
        return starts[shard];
    }

    public Position of(int index) {
        if (index < 0 || index >= size()) {
            throw new IndexOutOfBoundsException("sample " + index + " of " + size());
        }
        int found = Arrays.binarySearch(starts, index);
        int shard = found >= 0 ? found : -found - 2;
        return new Position(shard, index - starts[shard]);
    }
}
