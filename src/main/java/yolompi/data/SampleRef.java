package yolompi.data;

/**
 * One reading of one sample. Besides the seed, its augmentation depends only on these values.
 *
 * @param epoch from 0
 * @param index index of the sample in the shard set, from 0
 * @param repeat number of earlier readings of the sample in the epoch; above 0 only with class
 *     balancing
 */
public record SampleRef(int epoch, int index, int repeat) {
    /** The first reading of a sample in an epoch. */
    public SampleRef(int epoch, int index) {
        this(epoch, index, 0);
    }
}
