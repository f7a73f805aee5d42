package yolompi.recipe;

/**
 * How ranks, or the devices of one rank, exchange gradients.
 *
 * @param backend what carries tensors from rank to rank
 * @param compression what gradients are rounded to for the way
 * @param bucketMib gradients travel in buckets of this size while backward still runs
 * @param findUnusedParameters for models in which a step may leave out some parameters
 * @param timeoutSeconds a rank that others wait for longer ends the job; one that saves has four times as long, and so has a collective
 * @param silenceSeconds a rank that is stopped, or does not answer, for longer ends the job
 * @param replicas devices of one process, each with a copy of the network, where no launcher starts ranks; 1: no copies
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
        /** The first of the others that works on all ranks. */
        AUTO,
        /** NVIDIA's library, between GPUs. */
        NCCL,
        /** Over TCP. */
        GLOO,
        /** Open MPI: over whatever fabric it speaks. */
        MPI
    }

    public enum Compression {
        NONE,
        /** Half the bytes; ten bits of mantissa, nothing above 65,504. */
        FP16,
        /** Half the bytes; seven bits of mantissa, the range of fp32. */
        BF16
    }
}
