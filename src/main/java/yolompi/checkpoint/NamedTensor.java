package yolompi.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A tensor as bytes: row-major, little-endian.
 *
 * @param name such as {@code model.12.conv.weight}
 * @param shape sizes of the dimensions; none for a scalar
 * @param bytes the elements; a view of the given buffer from position to limit, never a copy, which may lie in native memory
 */
public record NamedTensor(String name, DType dtype, long[] shape, ByteBuffer bytes) {
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

    /** A fresh little-endian view of the same memory, its position at 0. */
    @Override
    public ByteBuffer bytes() {
        return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * The bytes that a tensor takes.
     *
     * @throws ArithmeticException where the product of the sizes is no long
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
