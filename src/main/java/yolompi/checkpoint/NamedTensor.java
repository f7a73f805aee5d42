package yolompi.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A tensor as bytes: row-major, little-endian.
 *
 * @param name such as {@code model.12.conv.weight}
 * @param shape sizes of the dimensions; empty for a scalar
 * @param bytes the elements; a view, not a copy, of the given buffer from position to limit; may be
 *     native memory
 */
public record NamedTensor(String name, DType dtype, long[] shape, ByteBuffer bytes) {
    /** Element types of stored tensors, with the names of the safetensors format. */
    public enum DType {
        F64(8),
        I64(8),
        F32(4),
        I32(4),
        F16(2),
        BF16(2),
        U8(1),
        BOOL(1);

        private final int bytes;

        DType(int bytes) {
            this.bytes = bytes;
        }

        /** Returns the bytes of one element. */
        public int bytes() {
            return bytes;
        }
    }

    public NamedTensor {
        if (name.isEmpty() || name.equals(SafetensorsHeader.METADATA)) {
            throw new IllegalArgumentException("\"" + name + "\" is not a valid tensor name");
        }
        shape = shape.clone();
        long expected = byteCount(dtype, shape);
        if (bytes.remaining() != expected) {
            throw new IllegalArgumentException("%s: %s %s needs %d bytes, but the buffer has %d"
                    .formatted(name, dtype, Arrays.toString(shape), expected, bytes.remaining()));
        }
        bytes = bytes.slice();
    }

    /** Returns a new little-endian view of the same memory, with position 0. */
    @Override
    public ByteBuffer bytes() {
        return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Returns the number of bytes of a tensor.
     *
     * @throws ArithmeticException if the product of the sizes exceeds a long
     */
    static long byteCount(DType dtype, long[] shape) {
        long count = dtype.bytes();
        for (long size : shape) {
            if (size < 0) {
                throw new ArithmeticException("negative size " + size);
            }
            count = Math.multiplyExact(count, size);
        }
        return count;
    }
}
