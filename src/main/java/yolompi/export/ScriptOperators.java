package yolompi.export;

import static yolompi.model.Parameter.TensorName.BIAS;
import static yolompi.model.Parameter.TensorName.KERNELS;
import static yolompi.model.Parameter.TensorName.MEAN;
import static yolompi.model.Parameter.TensorName.SCALE;
import static yolompi.model.Parameter.TensorName.SHIFT;
import static yolompi.model.Parameter.TensorName.VARIANCE;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.Tensor;
import yolompi.model.Activation;
import yolompi.model.LayerSpec;
import yolompi.model.Parameter.TensorName;
import yolompi.torch.Tensors;

/** Writes a network as TorchScript statements, one per line, with LibTorch's own operators. */
final class ScriptOperators implements NetworkWriter.Operators {
    private static final String INDENT = "    ";

    private final StringBuilder statements = new StringBuilder();
    private final Map<String, Tensor> constants = new LinkedHashMap<>();
    private int count;

    /** All statements so far. */
    String statements() {
        return statements.toString();
    }

    /**
     * Tensors, by name, that the statements read from their module in addition to those of the
     * network.
     */
    Map<String, Tensor> constants() {
        return constants;
    }

    /**
     * Name of a network's tensor in a module, where names have no dots:
     * {@code layers_0_conv_weight}.
     */
    static String attribute(String tensorName) {
        return tensorName.replace('.', '_');
    }

    @Override
    public void begin(String part) {
        statements.append(INDENT).append("# ").append(part).append('\n');
    }

    @Override
    public String convolution(int layer, LayerSpec.Convolution spec, String input) {
        LayerSpec.Kernel kernel = spec.kernel();
        return call(
                "conv2d",
                input,
                weights(KERNELS, layer),
                spec.batchNorm() ? "None" : weights(BIAS, layer),
                pair(kernel.stride()),
                pair(kernel.padding()),
                pair(kernel.dilation()),
                Integer.toString(kernel.groups()));
    }

    @Override
    public String batchNorm(int layer, String input) {
        return call(
                "batch_norm",
                input,
                weights(SCALE, layer),
                weights(SHIFT, layer),
                weights(MEAN, layer),
                weights(VARIANCE, layer),
                "False", // not training: the momentum that follows has no effect
                "0.0",
                Double.toString(LayerSpec.Convolution.NORM_EPSILON),
                "True");
    }

    private static String weights(TensorName kind, int layer) {
        return "self." + attribute(kind.of(layer));
    }

    @Override
    public String activation(Activation activation, String input) {
        return switch (activation) {
            case LINEAR -> input;
            case LEAKY -> call("leaky_relu", input, Double.toString(Activation.LEAKY_SLOPE));
            case LOGISTIC -> call("sigmoid", input);
            case SWISH -> call("silu", input);
            case RELU, RELU6, TANH, ELU, SELU, MISH -> call(activation.text(), input);
        };
    }

    @Override
    public String maxPool(LayerSpec.MaxPool pool, String input) {
        boolean even = pool.padBefore() == pool.padAfter();
        String padded = even ? input : padded(input, pool.padBefore(), pool.padAfter());
        return call(
                "max_pool2d", padded, pair(pool.size()), pair(pool.poolStride()), pair(even ? pool.padBefore() : 0));
    }

    private String padded(String input, int before, int behind) {
        String sides = "[%1$s, %2$s, %1$s, %2$s]".formatted(before, behind);
        return call("constant_pad_nd", input, sides, "float('-inf')");
    }

    @Override
    public String upsample(int factor, String input) {
        return call("upsample_nearest2d", input, "[%1$s.size(2) * %2$s, %1$s.size(3) * %2$s]".formatted(input, factor));
    }

    @Override
    public String slice(String input, int axis, int from, int to) {
        return call("slice", input, Integer.toString(axis), Integer.toString(from), Integer.toString(to));
    }

    @Override
    public String concatenate(List<String> inputs, int axis) {
        return call("cat", "[" + String.join(", ", inputs) + "]", Integer.toString(axis));
    }

    @Override
    public String add(String a, String b) {
        return assign(a + " + " + b);
    }

    @Override
    public String subtract(String a, String b) {
        return assign(a + " - " + b);
    }

    @Override
    public String multiply(String a, String b) {
        return assign(a + " * " + b);
    }

    @Override
    public String exponential(String input) {
        return call("exp", input);
    }

    @Override
    public String atMost(String input, double bound) {
        return call("clamp_max", input, Double.toString(bound));
    }

    @Override
    public String constant(float[] values, int... shape) {
        String name = "constant_" + constants.size();
        constants.put(
                name,
                Tensors.ofFloats(values, Arrays.stream(shape).asLongStream().toArray()));
        return "self." + name;
    }

    @Override
    public String constant(double value) {
        return Double.toString(value);
    }

    @Override
    public String rows(String raw, int valuesPerAnchor) {
        String pixels = call("permute", raw, "[0, 2, 3, 1]");
        return call("reshape", pixels, "[%s.size(0), -1, %s]".formatted(raw, valuesPerAnchor));
    }

    private String call(String operator, String... arguments) {
        return assign(Arrays.stream(arguments).collect(Collectors.joining(", ", "torch." + operator + "(", ")")));
    }

    private String assign(String expression) {
        String name = "x" + count++;
        statements.append(INDENT).append(name).append(" = ").append(expression).append('\n');
        return name;
    }

    private static String pair(int value) {
        return "[%1$s, %1$s]".formatted(value);
    }
}
