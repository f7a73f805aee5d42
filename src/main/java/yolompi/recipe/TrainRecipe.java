package yolompi.recipe;

/**
 * Length, batch and weight averaging of the training.
 *
 * @param epochs passes over the training set
 * @param batch global batch: images per optimizer step over all ranks; results do not depend on the
 *     number of ranks
 * @param microBatch maximum number of images that a rank computes at once; gradients of larger
 *     shares are accumulated; 0: the whole share at once
 * @param emaDecay decay of the moving average of the weights, which is evaluated and saved; 0: none
 * @param patience epochs without a better evaluation after which training ends; 0: never
 * @param threads compute threads per rank; 0: the rank's share of the cores of its host
 */
public record TrainRecipe(int epochs, int batch, int microBatch, double emaDecay, int patience, int threads) {
    public TrainRecipe {
        Limits.within("train.epochs", epochs, 1, 1_000_000);
        Limits.within("train.batch", batch, 1, 1_000_000);
        Limits.within("train.micro_batch", microBatch, 0, batch);
        Limits.within("train.ema_decay", emaDecay, 0, 0.99999);
        Limits.atLeast("train.patience", patience, 0);
        Limits.within("train.threads", threads, 0, 4096);
    }
}
