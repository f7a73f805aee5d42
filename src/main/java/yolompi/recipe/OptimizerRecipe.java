package yolompi.recipe;

/**
 * The optimizer and its hyperparameters.
 *
 * @param learningRate peak learning rate for a global batch of {@code referenceBatch} images
 * @param referenceBatch the learning rate is multiplied by {@code train.batch / reference_batch}
 * @param minBatchScale lower limit of that factor
 * @param maxBatchScale upper limit of that factor
 * @param momentum momentum of SGD, beta1 of Adam and AdamW
 * @param nesterov Nesterov momentum (SGD)
 * @param beta2 decay of the squared-gradient average (Adam, AdamW)
 * @param weightDecay weight decay of convolution weights; biases and batch norm have none
 * @param clipNorm gradients with a larger global norm are scaled down to it; 0: never
 * @param maxSkipped training fails after this many consecutive steps with a non-finite loss or
 *     gradient
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
            Limits.fail("optimizer.nesterov", true, "false, because optimizer.momentum is 0");
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
