package yolompi.recipe;

/**
 * How ranks exchange gradients.
 *
 * @param bucketMib gradients travel in buckets of this size while backward still runs
 * @param findUnusedParameters for models in which a step may leave out some parameters
 * @param timeoutSeconds a collective that takes longer ends the job
 */
public record DistRecipe(double bucketMib, boolean findUnusedParameters, int timeoutSeconds) {
    public DistRecipe {
        Limits.above("dist.bucket_mib", bucketMib, 0);
        Limits.within("dist.timeout_seconds", timeoutSeconds, 1, 86_400);
    }
}
