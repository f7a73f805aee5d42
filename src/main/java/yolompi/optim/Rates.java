package yolompi.optim;

/**
 * Learning rates and momentum of one step.
 *
 * @param learningRate of kernels and of the weights of batch norms
 * @param biasRate learning rate of the biases of convolutions and batch norms
 * @param momentum momentum of SGD; beta1 of Adam and AdamW
 */
public record Rates(double learningRate, double biasRate, double momentum) {
    /** Weights hardly change: benchmarks measure only time. */
    public static final Rates OF_BENCHMARKS = of(1e-5, 0.9);

    /** Same learning rate for all parameters. */
    public static Rates of(double learningRate, double momentum) {
        return new Rates(learningRate, learningRate, momentum);
    }
}
