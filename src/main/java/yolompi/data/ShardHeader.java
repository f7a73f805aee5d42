package yolompi.data;

import java.util.List;

/**
 * What a shard says about itself and the set it belongs to.
 *
 * @param rawSize edge S of the stored square, pixels; 0 for JPEG
 * @param categoryIds the number that COCO results call each class by
 * @param fingerprint SHA-256 of the whole data set, 64 hexadecimal digits
 * @param shardIndex from 0
 * @param shardCount shards in the set
 */
record ShardHeader(
        Encoding encoding,
        int rawSize,
        List<String> names,
        List<Integer> categoryIds,
        String fingerprint,
        int shardIndex,
        int shardCount) {}
