package yolompi.recipe;

/**
 * How gradients change the weights.
 *
 * @param learningRate peak learning rate for a global batch of {@code referenceBatch} images
 * @param referenceBatch the rate is multiplied by {@code train.batch / reference_batch} …
 * @param minBatchScale … but at least by this
 * @param maxBatchScale … and at most by this
 * @param momentum momentum of SGD, beta1 of Adam and AdamW
 * @param nesterov Nesterov's form of momentum (SGD)
 * @param beta2 decay of the squared gradients (Adam, AdamW)
 * @param weightDecay on convolution weights alone, not on biases and batch norms
 * @param clipNorm gradients are scaled down where the norm of all of them together is higher; 0: never
 * @param maxSkipped so many steps in a row whose numbers are not finite end the training
 */
public record OptimizerRecipe(
        Kind kind,
        double learningRate,
        double referenceBatch,
        double minBatchScale,
        double maxBatchScale,
        double momentum,
        boolean nesterov,
        double beta2,
        double weightDecay,
        double clipNorm,
        int maxSkipped) {
    public OptimizerRecipe {
        Limits.above("optimizer.learning_rate", learningRate, 0);
        Limits.above("optimizer.reference_batch", referenceBatch, 0);
        Limits.above("optimizer.min_batch_scale", minBatchScale, 0);
        Limits.atLeast("optimizer.max_batch_scale", maxBatchScale, minBatchScale);
        Limits.within("optimizer.momentum", momentum, 0, 0.9999);
        Limits.within("optimizer.beta2", beta2, 0, 0.999999);
        Limits.atLeast("optimizer.weight_decay", weightDecay, 0);
        Limits.atLeast("optimizer.clip_norm", clipNorm, 0);
        Limits.atLeast("optimizer.max_skipped", maxSkipped, 1);
        if (kind == Kind.SGD && nesterov && momentum == 0) {
            Limits.fail("optimizer.nesterov", true, "false where optimizer.momentum is 0");
        }
    }

    public enum Kind {
        SGD,
        ADAM,
        ADAMW
    }

    /** The peak learning rate for a global batch of {@code batch} images. */
    public double scaledLearningRate(int batch) {
        return learningRate * Math.min(maxBatchScale, Math.max(minBatchScale, batch / referenceBatch));
    }
}
