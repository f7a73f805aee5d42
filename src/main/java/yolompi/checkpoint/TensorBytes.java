package yolompi.checkpoint;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import yolompi.InputException;
import yolompi.checkpoint.NamedTensor.DType;
import yolompi.torch.Tensors;

/** Converts LibTorch tensors to tensors of a file and back. */
public final class TensorBytes {
    private TensorBytes() {}

    /** Returns a row-major copy of the values that outlives the tensor. */
    public static NamedTensor copyOf(String name, Tensor tensor) {
        try (PointerScope scope = new PointerScope()) {
            NamedTensor view = viewOf(name, tensor);
            ByteBuffer values = view.bytes();
            ByteBuffer copy =
                    ByteBuffer.allocateDirect(values.remaining()).put(values).flip();
            return new NamedTensor(name, view.dtype(), view.shape(), copy);
        }
    }

    /**
     * Returns the row-major values, without a copy if the tensor is contiguous in host memory. The
     * result is valid as long as the tensor and the pointer scope around the call.
     */
    public static NamedTensor viewOf(String name, Tensor tensor) {
        Tensor values = tensor.detach().cpu().contiguous();
        return new NamedTensor(name, dtype(tensor), shape(tensor), Tensors.memory(values));
    }

    /**
     * Overwrites a tensor's values with those of a file.
     *
     * @throws InputException if the file lacks the tensor, or has it with another shape or type
     */
    public static void restore(String source, Checkpoint checkpoint, String name, Tensor target) {
        NamedTensor saved = checkpoint
                .tensor(name)
                .orElseThrow(() ->
                        new InputException("%s: tensor %s is missing; the file is from a different model or optimizer"
                                .formatted(source, name)));
        if (saved.dtype() != dtype(target) || !Arrays.equals(saved.shape(), shape(target))) {
            throw new InputException(
                    "%s: tensor %s is %s %s, expected %s %s; the file is from a different model or data set"
                            .formatted(
                                    source,
                                    name,
                                    saved.dtype(),
                                    Arrays.toString(saved.shape()),
                                    dtype(target),
                                    Arrays.toString(shape(target))));
        }
        copyInto(target, saved);
    }

    /**
     * Overwrites a tensor's values with those of a tensor of the same shape, converted to the
     * target's type.
     */
    public static void copyInto(Tensor target, NamedTensor saved) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard constant = new NoGradGuard();
                BytePointer bytes = new BytePointer(saved.bytes())) {
            Tensor values = torch.from_blob(bytes, saved.shape(), new TensorOptions(scalarType(saved.dtype())));
            target.copy_(values);
        }
    }

    /** Returns the sizes of the dimensions. */
    public static long[] shape(Tensor tensor) {
        long[] shape = new long[(int) tensor.dim()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = tensor.size(i);
        }
        return shape;
    }

    /**
     * Buffers in host memory for one copy of some tensors. They are allocated once and reused for
     * every save, so that a file can be written while training changes the tensors.
     */
    public static final class HostCopy implements AutoCloseable {
        private final List<Tensor> originals;
        private final List<Tensor> copies = new ArrayList<>();
        private final List<NamedTensor> views = new ArrayList<>();

        /** Allocates the buffers. Do not call it within a pointer scope, which would free them. */
        public HostCopy(Map<String, Tensor> tensors) {
            originals = List.copyOf(tensors.values());
            tensors.forEach((name, tensor) -> {
                Tensor copy =
                        torch.empty(shape(tensor), new TensorOptions(tensor.scalar_type()), new MemoryFormatOptional());
                copies.add(copy);
                views.add(viewOf(name, copy));
            });
        }

        /** Copies the current values. Lists returned by earlier calls show the new values too. */
        public List<NamedTensor> take() {
            try (PointerScope scope = new PointerScope();
                    NoGradGuard constant = new NoGradGuard()) {
                for (int i = 0; i < copies.size(); i++) {
                    copies.get(i).copy_(originals.get(i));
                }
            }
            return views;
        }

        @Override
        public void close() {
            copies.forEach(Tensor::close);
        }
    }

    private static torch.ScalarType scalarType(DType type) {
        return switch (type) {
            case F64 -> torch.ScalarType.Double;
            case F32 -> torch.ScalarType.Float;
            case F16 -> torch.ScalarType.Half;
            case BF16 -> torch.ScalarType.BFloat16;
            case I64 -> torch.ScalarType.Long;
            case I32 -> torch.ScalarType.Int;
            case U8 -> torch.ScalarType.Byte;
            case BOOL -> torch.ScalarType.Bool;
        };
    }

    private static DType dtype(Tensor tensor) {
        torch.ScalarType type = tensor.scalar_type().intern();
        return switch (type) {
            case Double -> DType.F64;
            case Float -> DType.F32;
            case Half -> DType.F16;
            case BFloat16 -> DType.BF16;
            case Long -> DType.I64;
            case Int -> DType.I32;
            case Byte -> DType.U8;
            case Bool -> DType.BOOL;
            default -> throw new IllegalArgumentException("checkpoints do not support tensors of type " + type);
        };
    }
}
