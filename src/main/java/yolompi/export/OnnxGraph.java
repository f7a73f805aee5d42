package yolompi.export;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import yolompi.export.onnx.AttributeProto;
import yolompi.export.onnx.AttributeProto.AttributeType;
import yolompi.export.onnx.GraphProto;
import yolompi.export.onnx.NodeProto;
import yolompi.export.onnx.TensorProto;
import yolompi.export.onnx.TensorProto.DataType;
import yolompi.export.onnx.TensorShapeProto.Dimension;
import yolompi.export.onnx.TypeProto;
import yolompi.export.onnx.ValueInfoProto;
import yolompi.torch.Tensors;

/**
 * Builds an ONNX graph node by node. Every value gets a unique name from the part of the model and
 * the operator.
 */
final class OnnxGraph {
    /**
     * An axis of an input or output: a length, or a name if the length is known only at run time.
     */
    record Axis(String name, OptionalInt length) {
        static Axis of(int length) {
            return new Axis("", OptionalInt.of(length));
        }
    }

    private final GraphProto.Builder graph;
    private String part = "";
    private int count;

    OnnxGraph(String name) {
        graph = GraphProto.newBuilder().setName(name);
    }

    GraphProto build() {
        return graph.build();
    }

    /** Starts a part of the model. The names of the following nodes begin with it. */
    void begin(String name) {
        part = name;
    }

    /** Adds a node with one output and returns the name of the output. */
    String node(String operator, List<String> inputs, AttributeProto... attributes) {
        String name = unique(operator);
        graph.addNode(NodeProto.newBuilder()
                .setName(name)
                .setOpType(operator)
                .addAllInput(inputs)
                .addOutput(name)
                .addAllAttribute(Arrays.asList(attributes)));
        return name;
    }

    /** Adds a node with named outputs. */
    void nodeInto(String operator, List<String> inputs, List<String> outputs, AttributeProto... attributes) {
        graph.addNode(NodeProto.newBuilder()
                .setName(unique(operator))
                .setOpType(operator)
                .addAllInput(inputs)
                .addAllOutput(outputs)
                .addAllAttribute(Arrays.asList(attributes)));
    }

    private String unique(String what) {
        return part + "/" + what + "_" + count++;
    }

    /** Adds a tensor of the network under its own name. */
    String weights(String name, Tensor tensor) {
        try (PointerScope scope = new PointerScope()) {
            return initializer(name, bytes(Tensors.toFloats(tensor)), DataType.FLOAT, tensor.shape());
        }
    }

    /** Adds float32 constants. */
    String floats(float[] values, long... shape) {
        return initializer(unique("constant"), bytes(values), DataType.FLOAT, shape);
    }

    /** Adds int64 constants, {@code [count]}. */
    String longs(long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        return initializer(unique("constant"), bytes, DataType.INT64, values.length);
    }

    private static ByteBuffer bytes(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(Float.BYTES, values.length))
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes;
    }

    private String initializer(String name, ByteBuffer bytes, DataType type, long... shape) {
        graph.addInitializer(TensorProto.newBuilder()
                .setName(name)
                .setDataType(type.getNumber())
                .addAllDims(Arrays.stream(shape).boxed().toList())
                .setRawData(UnsafeByteOperations.unsafeWrap(bytes)));
        return name;
    }

    /** Declares a float32 input of the model. */
    void input(String name, Axis... axes) {
        graph.addInput(port(name, axes));
    }

    /** Declares a float32 output of the model that equals a value of the graph. */
    void output(String name, String value, Axis... axes) {
        nodeInto("Identity", List.of(value), List.of(name));
        graph.addOutput(port(name, axes));
    }

    private static ValueInfoProto port(String name, Axis... axes) {
        TypeProto.Tensor.Builder tensor = TypeProto.Tensor.newBuilder().setElemType(DataType.FLOAT.getNumber());
        for (Axis axis : axes) {
            Dimension.Builder dimension = tensor.getShapeBuilder().addDimBuilder();
            axis.length().ifPresentOrElse(dimension::setDimValue, () -> dimension.setDimParam(axis.name()));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }

    /** Attributes of an ONNX node. */
    static final class Attribute {
        private Attribute() {}

        static AttributeProto of(String name, long value) {
            return AttributeProto.newBuilder()
                    .setName(name)
                    .setType(AttributeType.INT)
                    .setI(value)
                    .build();
        }

        static AttributeProto of(String name, double value) {
            return AttributeProto.newBuilder()
                    .setName(name)
                    .setType(AttributeType.FLOAT)
                    .setF((float) value)
                    .build();
        }

        static AttributeProto of(String name, String value) {
            return AttributeProto.newBuilder()
                    .setName(name)
                    .setType(AttributeType.STRING)
                    .setS(ByteString.copyFromUtf8(value))
                    .build();
        }

        static AttributeProto list(String name, long... values) {
            return AttributeProto.newBuilder()
                    .setName(name)
                    .setType(AttributeType.INTS)
                    .addAllInts(Arrays.stream(values).boxed().toList())
                    .build();
        }
    }
}
