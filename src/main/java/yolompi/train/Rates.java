package yolompi.train;

/**
 * With what the optimizer takes a step.
 *
 * @param learningRate of kernels and of the scales of batch norms
 * @param biasRate the learning rate of all that is added: biases of convolutions and batch norms
 * @param momentum of SGD, beta1 of Adam and AdamW
 */
public record Rates(double learningRate, double biasRate, double momentum) {
    /** Weights move, but hardly: it is time that is measured. */
    static final Rates OF_BENCHMARKS = of(1e-5, 0.9);

    /** The same rate for all. */
    static Rates of(double learningRate, double momentum) {
        return new Rates(learningRate, learningRate, momentum);
    }
}
