package yolompi.pack;

import java.util.ArrayList;
import java.util.List;

/**
 * Distributes images over shards: in order, each shard filled up to a limit.
 *
 * @param shards the images of each shard, at least one
 * @param rawSize edge of the stored squares, pixels; 0 if files are stored unchanged
 */
record ShardPlan(List<List<PreparedImage>> shards, int rawSize) {
    static ShardPlan of(List<PreparedImage> images, int rawSize, long maxBytes) {
        List<List<PreparedImage>> shards = new ArrayList<>();
        long bytes = 0;
        for (PreparedImage image : images) {
            int stored = storedBytes(image, rawSize);
            if (shards.isEmpty() || bytes + stored > maxBytes) {
                shards.add(new ArrayList<>());
                bytes = 0;
            }
            shards.get(shards.size() - 1).add(image);
            bytes += stored;
        }
        return new ShardPlan(shards, rawSize);
    }

    int storedBytes(PreparedImage image) {
        return storedBytes(image, rawSize);
    }

    long imageBytes() {
        return shards.stream()
                .flatMap(List::stream)
                .mapToLong(this::storedBytes)
                .sum();
    }

    private static int storedBytes(PreparedImage image, int rawSize) {
        return rawSize == 0 ? image.byteCount() : 3 * rawSize * rawSize;
    }
}
