package yolompi.export;

import java.util.List;
import yolompi.model.Activation;
import yolompi.model.LayerSpec;

/**
 * The operations that a format must support. A value is identified by its name in the file. Each
 * method adds an operation and returns the name of its output.
 */
interface Operators {
    /** Starts a part of the network, such as {@code layers.3}. */
    void begin(String part);

    /**
     * The convolution of a layer, with its bias if the layer has no batch norm. Batch norm and
     * activation are separate operations.
     */
    String convolution(int layer, LayerSpec.Convolution spec, String input);

    /** Batch norm with running statistics. */
    String batchNorm(int layer, String input);

    String activation(Activation activation, String input);

    String maxPool(LayerSpec.MaxPool pool, String input);

    /** Repeats each value in both directions. */
    String upsample(int factor, String input);

    /** Positions {@code from} (inclusive) to {@code to} (exclusive) along an axis. */
    String slice(String input, int axis, int from, int to);

    String concatenate(List<String> inputs, int axis);

    String add(String a, String b);

    String subtract(String a, String b);

    String multiply(String a, String b);

    String exponential(String input);

    /** The minimum of each value and the bound. */
    String atMost(String input, double bound);

    /** A constant operand for other methods; axes of length 1 are broadcast. */
    String constant(float[] values, int... shape);

    /**
     * Rearranges a raw head into rows, one per predictor.
     *
     * @param raw {@code [N, A*V, G, G]}
     * @param valuesPerAnchor V
     * @return {@code [N, G*G*A, V]}
     */
    String rows(String raw, int valuesPerAnchor);

    /** A scalar constant operand for other methods. */
    default String constant(double value) {
        return constant(new float[] {(float) value}, 1);
    }
}
