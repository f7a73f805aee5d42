package yolompi.distributed.ddp;

import java.util.ArrayList;
import java.util.List;

/**
 * Assigns gradients to buckets; a bucket is all-reduced as one tensor.
 *
 * @param buckets indices of parameters, in the order of the backward pass: the last parameters
 *     first
 * @param bucketOf the bucket of each parameter
 */
record BucketPlan(List<List<Integer>> buckets, int[] bucketOf) {
    /**
     * Fills buckets up to a limit. A parameter above the limit gets its own bucket.
     *
     * @param sizes elements of each parameter, in the order of the forward pass
     * @param limit elements of a bucket
     */
    static BucketPlan of(List<Long> sizes, long limit) {
        List<List<Integer>> buckets = new ArrayList<>();
        int[] bucketOf = new int[sizes.size()];
        long free = 0;
        for (int parameter = sizes.size() - 1; parameter >= 0; parameter--) {
            if (buckets.isEmpty() || sizes.get(parameter) > free) {
                buckets.add(new ArrayList<>());
                free = limit;
            }
            bucketOf[parameter] = buckets.size() - 1;
            buckets.get(buckets.size() - 1).add(parameter);
            free -= sizes.get(parameter);
        }
        return new BucketPlan(buckets, bucketOf);
    }
}
