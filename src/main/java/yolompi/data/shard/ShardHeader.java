package yolompi.data.shard;

import java.util.List;
import yolompi.data.Encoding;

/**
 * The header of a shard: describes the shard and its set.
 *
 * @param rawSize edge S of the stored square, pixels; 0 for JPEG
 * @param categoryIds category id of each class in COCO results
 * @param fingerprint SHA-256 of the whole data set, 64 hexadecimal digits
 * @param shardIndex from 0
 * @param shardCount number of shards in the set
 */
public record ShardHeader(
        Encoding encoding,
        int rawSize,
        List<String> names,
        List<Integer> categoryIds,
        String fingerprint,
        int shardIndex,
        int shardCount) {}
