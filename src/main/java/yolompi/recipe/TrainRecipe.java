package yolompi.recipe;

/**
 * Length, batch and averaging of the training.
 *
 * @param epochs how often every image is seen
 * @param batch images of one optimizer step over all ranks; the result doesn't depend on how many ranks share it
 * @param microBatch most images a rank computes at once; the batch is accumulated in pieces no larger; 0: all at once
 * @param emaDecay decay of the moving average of the weights that is evaluated and saved; 0: none
 * @param patience epochs without a better evaluation after which the training ends; 0: it goes to its end
 * @param threads compute threads of each rank; 0: the rank's share of its node's cores
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
