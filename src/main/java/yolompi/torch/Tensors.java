package yolompi.torch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Conversions between Java arrays and CPU tensors. Every call copies. */
public final class Tensors {
    private Tensors() {}

    /** Creates a float32 tensor of the given shape. */
    public static Tensor ofFloats(float[] values, long... shape) {
        Tensor tensor = uninitialized(ScalarType.Float, values.length, shape);
        if (values.length > 0) {
            new FloatPointer(tensor.data_ptr()).put(values);
        }
        return tensor;
    }

    /** Creates an int64 tensor of the given shape. */
    public static Tensor ofLongs(long[] values, long... shape) {
        Tensor tensor = uninitialized(ScalarType.Long, values.length, shape);
        if (values.length > 0) {
            new LongPointer(tensor.data_ptr()).put(values);
        }
        return tensor;
    }

    /** Creates a uint8 tensor of the given shape. */
    public static Tensor ofBytes(byte[] values, long... shape) {
        Tensor tensor = uninitialized(ScalarType.Byte, values.length, shape);
        if (values.length > 0) {
            new BytePointer(tensor.data_ptr()).put(values);
        }
        return tensor;
    }

    /**
     * Moves a tensor to the device of another one. Returns the tensor itself if the other one is on
     * the CPU, or if the tensor is on a GPU already.
     *
     * <p>The copy goes through pinned memory, so that the caller does not wait for earlier work of
     * the device.
     */
    public static Tensor beside(Tensor other, Tensor tensor) {
        return other.is_cpu() || !tensor.is_cpu()
                ? tensor
                : tensor.pin_memory().to(other.device(), tensor.scalar_type(), true, false, new MemoryFormatOptional());
    }

    /** Creates a uint8 tensor of the given shape in pinned memory, which a GPU reads directly. */
    public static Tensor pinned(byte[] values, long... shape) {
        TensorOptions options = new TensorOptions(ScalarType.Byte).pinned_memory(new BoolOptional(true));
        Tensor tensor = torch.empty(shape, options, new MemoryFormatOptional());
        new BytePointer(tensor.data_ptr()).put(values);
        return tensor;
    }

    /** Values of a tensor of any dtype and layout as float64, in row-major order. */
    public static double[] toDoubles(Tensor tensor) {
        Tensor plain = tensor.detach().cpu().to(ScalarType.Double).contiguous();
        double[] values = new double[Math.toIntExact(plain.numel())];
        if (values.length > 0) {
            new DoublePointer(plain.data_ptr()).get(values);
        }
        return values;
    }

    /** Values of a tensor of any dtype and layout as float32, in row-major order. */
    public static float[] toFloats(Tensor tensor) {
        Tensor plain = tensor.detach().cpu().to(ScalarType.Float).contiguous();
        float[] values = new float[Math.toIntExact(plain.numel())];
        if (values.length > 0) {
            new FloatPointer(plain.data_ptr()).get(values);
        }
        return values;
    }

    /** Values of a tensor of any dtype and layout as int64, in row-major order. */
    public static long[] toLongs(Tensor tensor) {
        Tensor plain = tensor.detach().cpu().to(ScalarType.Long).contiguous();
        long[] values = new long[Math.toIntExact(plain.numel())];
        if (values.length > 0) {
            new LongPointer(plain.data_ptr()).get(values);
        }
        return values;
    }

    /**
     * Memory of a contiguous CPU tensor, without a copy. It is valid as long as the tensor.
     *
     * @throws IllegalArgumentException if the tensor is not contiguous or has 2 GiB or more
     */
    public static ByteBuffer memory(Tensor tensor) {
        if (!tensor.is_contiguous()) {
            throw new IllegalArgumentException("tensor is not contiguous");
        }
        long bytes = tensor.numel() * tensor.element_size();
        if (bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("tensor has " + bytes + " bytes; expected less than 2 GiB");
        }
        if (bytes == 0) {
            return ByteBuffer.allocate(0).order(ByteOrder.LITTLE_ENDIAN); // an empty tensor has no address
        }
        return new BytePointer(tensor.data_ptr()).capacity(bytes).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Memory of a dense CPU tensor in its own layout, without a copy. It is valid as long as the
     * tensor.
     *
     * @throws IllegalArgumentException if there are gaps between the values, or if the tensor has 2
     *     GiB or more
     */
    public static ByteBuffer storage(Tensor tensor) {
        if (!tensor.is_non_overlapping_and_dense()) {
            throw new IllegalArgumentException("tensor is not dense: there are gaps between its values");
        }
        return memory(tensor.as_strided(new long[] {tensor.numel()}, new long[] {1}));
    }

    /** Creates the vector that PyTorch functions take as a list of tensors. */
    public static TensorVector vector(Iterable<Tensor> tensors) {
        TensorVector vector = new TensorVector();
        for (Tensor tensor : tensors) {
            vector.push_back(tensor);
        }
        return vector;
    }

    private static Tensor uninitialized(ScalarType type, int length, long... shape) {
        long elements = 1;
        for (long edge : shape) {
            elements *= edge;
        }
        if (elements != length) {
            throw new IllegalArgumentException(length + " values for a tensor of shape " + Arrays.toString(shape));
        }
        return torch.empty(shape, new TensorOptions(type), new MemoryFormatOptional());
    }
}
