package yolompi.recipe;

/**
 * How ranks, or the devices of one rank, exchange gradients.
 *
 * @param backend library that exchanges tensors between ranks
 * @param compression type to which gradients are rounded for the exchange
 * @param bucketMib size of the buckets that are all-reduced while backward still runs, MiB
 * @param findUnusedParameters whether a step may leave some parameters without a gradient
 * @param timeoutSeconds a rank that makes no progress for longer while others wait for it ends the
 *     job; saving and collectives have four times as long
 * @param silenceSeconds a rank that is stopped or does not respond for longer ends the job
 * @param replicas devices of one process, each with a copy of the network; only without a launcher;
 *     1: no copies
 * @param shareGpus whether ranks of one host may share a GPU
 */
public record DistRecipe(
        Backend backend,
        Compression compression,
        double bucketMib,
        boolean findUnusedParameters,
        int timeoutSeconds,
        int silenceSeconds,
        int replicas,
        boolean shareGpus) {
    public DistRecipe {
        Limits.above("dist.bucket_mib", bucketMib, 0);
        Limits.within("dist.timeout_seconds", timeoutSeconds, 1, 86_400);
        Limits.within("dist.silence_seconds", silenceSeconds, 2, 86_400);
        Limits.within("dist.replicas", replicas, 1, 64);
    }

    public enum Backend {
        /** The first of the other backends that works on all ranks. */
        AUTO,
        /** NVIDIA's library for GPUs. */
        NCCL,
        /** Over TCP. */
        GLOO,
        /** Open MPI, over any network that it supports. */
        MPI
    }

    public enum Compression {
        NONE,
        /** Half the bytes; 10 bits of mantissa, at most 65,504. */
        FP16,
        /** Half the bytes; 7 bits of mantissa, the range of fp32. */
        BF16
    }
}
