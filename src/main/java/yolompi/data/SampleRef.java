package yolompi.data;

/**
 * One reading of one sample: what its augmentation may depend on beside the seed.
 *
 * @param epoch from 0
 * @param index of the sample in the shard set, from 0
 */
public record SampleRef(int epoch, int index) {}
