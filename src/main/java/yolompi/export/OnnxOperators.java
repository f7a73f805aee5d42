package yolompi.export;

import static yolompi.model.Parameter.TensorName.BIAS;
import static yolompi.model.Parameter.TensorName.KERNELS;
import static yolompi.model.Parameter.TensorName.MEAN;
import static yolompi.model.Parameter.TensorName.SCALE;
import static yolompi.model.Parameter.TensorName.SHIFT;
import static yolompi.model.Parameter.TensorName.VARIANCE;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import yolompi.export.OnnxGraph.Attribute;
import yolompi.model.Activation;
import yolompi.model.LayerSpec;
import yolompi.model.Parameter.TensorName;

/** Writes a network with the operators of ONNX opset {@value OnnxFile#OPSET}. */
final class OnnxOperators implements NetworkWriter.Operators {
    private static final double RELU6_BOUND = 6;

    private final OnnxGraph graph;
    private final Map<String, Tensor> tensors;

    /**
     * Creates operators that add to a graph.
     *
     * @param tensors tensors of the network, by name
     */
    OnnxOperators(OnnxGraph graph, Map<String, Tensor> tensors) {
        this.graph = graph;
        this.tensors = tensors;
    }

    @Override
    public void begin(String part) {
        graph.begin(part);
    }

    @Override
    public String convolution(int layer, LayerSpec.Convolution spec, String input) {
        LayerSpec.Kernel kernel = spec.kernel();
        List<String> inputs = new ArrayList<>(List.of(input, weights(KERNELS, layer)));
        if (!spec.batchNorm()) {
            inputs.add(weights(BIAS, layer));
        }
        return graph.node(
                "Conv",
                inputs,
                Attribute.list("kernel_shape", kernel.size(), kernel.size()),
                Attribute.list("strides", kernel.stride(), kernel.stride()),
                Attribute.list("pads", kernel.padding(), kernel.padding(), kernel.padding(), kernel.padding()),
                Attribute.list("dilations", kernel.dilation(), kernel.dilation()),
                Attribute.of("group", kernel.groups()));
    }

    @Override
    public String batchNorm(int layer, String input) {
        return graph.node(
                "BatchNormalization",
                List.of(
                        input,
                        weights(SCALE, layer),
                        weights(SHIFT, layer),
                        weights(MEAN, layer),
                        weights(VARIANCE, layer)),
                Attribute.of("epsilon", LayerSpec.Convolution.NORM_EPSILON));
    }

    private String weights(TensorName kind, int layer) {
        String name = kind.of(layer);
        return graph.weights(name, tensors.get(name));
    }

    @Override
    public String activation(Activation activation, String input) {
        return switch (activation) {
            case LINEAR -> input;
            case LEAKY -> graph.node("LeakyRelu", List.of(input), Attribute.of("alpha", Activation.LEAKY_SLOPE));
            case RELU -> graph.node("Relu", List.of(input));
            case RELU6 -> graph.node("Clip", List.of(input, scalar(0), scalar(RELU6_BOUND)));
            case LOGISTIC -> graph.node("Sigmoid", List.of(input));
            case TANH -> graph.node("Tanh", List.of(input));
            case ELU -> graph.node("Elu", List.of(input));
            case SELU -> graph.node("Selu", List.of(input));
            case SWISH -> multiply(input, graph.node("Sigmoid", List.of(input)));
            case MISH -> multiply(input, graph.node("Tanh", List.of(graph.node("Softplus", List.of(input)))));
        };
    }

    @Override
    public String maxPool(LayerSpec.MaxPool pool, String input) {
        return graph.node(
                "MaxPool",
                List.of(input),
                Attribute.list("kernel_shape", pool.size(), pool.size()),
                Attribute.list("strides", pool.poolStride(), pool.poolStride()),
                Attribute.list("pads", pool.padBefore(), pool.padBefore(), pool.padAfter(), pool.padAfter()));
    }

    @Override
    public String upsample(int factor, String input) {
        String scales = graph.floats(new float[] {1, 1, factor, factor}, 4);
        return graph.node(
                "Resize",
                List.of(input, "", scales), // no region of interest
                Attribute.of("mode", "nearest"),
                Attribute.of("coordinate_transformation_mode", "asymmetric"),
                Attribute.of("nearest_mode", "floor"));
    }

    @Override
    public String slice(String input, int axis, int from, int to) {
        return graph.node("Slice", List.of(input, graph.longs(from), graph.longs(to), graph.longs(axis)));
    }

    @Override
    public String concatenate(List<String> inputs, int axis) {
        return graph.node("Concat", inputs, Attribute.of("axis", axis));
    }

    @Override
    public String add(String a, String b) {
        return graph.node("Add", List.of(a, b));
    }

    @Override
    public String subtract(String a, String b) {
        return graph.node("Sub", List.of(a, b));
    }

    @Override
    public String multiply(String a, String b) {
        return graph.node("Mul", List.of(a, b));
    }

    @Override
    public String exponential(String input) {
        return graph.node("Exp", List.of(input));
    }

    @Override
    public String atMost(String input, double bound) {
        return graph.node("Min", List.of(input, constant(bound)));
    }

    @Override
    public String constant(float[] values, int... shape) {
        return graph.floats(values, Arrays.stream(shape).asLongStream().toArray());
    }

    @Override
    public String rows(String raw, int valuesPerAnchor) {
        String pixels = graph.node("Transpose", List.of(raw), Attribute.list("perm", 0, 2, 3, 1));
        return graph.node("Reshape", List.of(pixels, graph.longs(0, -1, valuesPerAnchor)));
    }

    /** A scalar without axes, as the bounds of Clip must be. */
    private String scalar(double value) {
        return graph.floats(new float[] {(float) value});
    }
}
