package yolompi.data;

/**
 * One reading of one sample: what its augmentation may depend on beside the seed.
 *
 * @param epoch from 0
 * @param index of the sample in the shard set, from 0
 * @param repeat how often the epoch has the sample already, 0 for the first time; above 0 only
 *     where classes are balanced
 */
public record SampleRef(int epoch, int index, int repeat) {
    /** The first reading of a sample in an epoch. */
    public SampleRef(int epoch, int index) {
        this(epoch, index, 0);
    }
}
