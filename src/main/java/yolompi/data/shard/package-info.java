/**
 * Packed data sets on disk: HDF5 shards, their writer and their readers.
 *
 * <p>Read {@link yolompi.data.shard.ShardWriter} first: its Javadoc specifies the file format.
 * {@code ShardFile} reads one file; {@link yolompi.data.shard.ShardSet} opens all files of a set,
 * checks that they belong together, and reads samples by index.
 *
 * <p>{@link yolompi.data.shard.ShardStage} copies a set to a node's own disk. {@code PageCache}
 * fills and evicts the kernel's page cache for benchmarks.
 *
 * <p>Only this package imports HDF5. HDF5 is not thread-safe: every call holds one lock.
 */
package yolompi.data.shard;
