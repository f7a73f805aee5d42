package yolompi.export;

import java.util.List;
import yolompi.model.Activation;
import yolompi.model.LayerSpec;

/**
 * What a format must be able to say of a network. A value is known by its name in the file; each method adds an operation and returns the
 * name of what comes out.
 */
interface Operators {
    /** What follows belongs to this part, such as {@code layers.3}. */
    void begin(String part);

    /** The layer's kernels, with its bias where it has no batch norm; what follows the sums is left to other methods. */
    String convolution(int layer, LayerSpec.Convolution spec, String input);

    /** By running statistics. */
    String batchNorm(int layer, String input);

    String activation(Activation activation, String input);

    String maxPool(LayerSpec.MaxPool pool, String input);

    /** Each value repeated in both directions. */
    String upsample(int factor, String input);

    /** Positions from {@code from} until before {@code to} along an axis. */
    String slice(String input, int axis, int from, int to);

    String concatenate(List<String> inputs, int axis);

    String add(String a, String b);

    String subtract(String a, String b);

    String multiply(String a, String b);

    String exponential(String input);

    /** The smaller one of each value and of the bound. */
    String atMost(String input, double bound);

    /** A constant that other methods take as an operand, spread over axes of length 1 as usual. */
    String constant(float[] values, int... shape);

    /**
     * Raw head to rows.
     *
     * @param raw {@code [N, A*V, G, G]}
     * @param valuesPerAnchor V
     * @return {@code [N, G*G*A, V]}
     */
    String rows(String raw, int valuesPerAnchor);

    /** A single number as an operand. */
    default String constant(double value) {
        return constant(new float[] {(float) value}, 1);
    }
}
