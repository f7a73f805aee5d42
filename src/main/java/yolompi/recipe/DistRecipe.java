package yolompi.recipe;

/**
 * How ranks exchange gradients.
 *
 * @param bucketMib gradients travel in buckets of this size while backward still runs
 * @param findUnusedParameters for models in which a step may leave out some parameters
 * @param timeoutSeconds a rank that others wait for longer ends the job, and so does a collective that takes longer
 * @param silenceSeconds a rank that is stopped, or does not answer, for longer ends the job
 */
public record DistRecipe(double bucketMib, boolean findUnusedParameters, int timeoutSeconds, int silenceSeconds) {
    public DistRecipe {
        Limits.above("dist.bucket_mib", bucketMib, 0);
        Limits.within("dist.timeout_seconds", timeoutSeconds, 1, 86_400);
        Limits.within("dist.silence_seconds", silenceSeconds, 2, 86_400);
    }
}
