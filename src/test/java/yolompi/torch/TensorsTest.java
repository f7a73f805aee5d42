package yolompi.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LoadLibTorch.class)
final class TensorsTest {
    @Test
    void arraysAreReadBackUnchanged() {
        float[] floats = {1, -2.5f, Float.MAX_VALUE, Float.MIN_VALUE, 0, Float.NEGATIVE_INFINITY};
        long[] longs = {0, -1, Long.MAX_VALUE, Long.MIN_VALUE};
        byte[] bytes = {0, 127, -128, -1};

        assertThat(Tensors.toFloats(Tensors.ofFloats(floats, 2, 3))).containsExactly(floats);
        assertThat(Tensors.toLongs(Tensors.ofLongs(longs, 4))).containsExactly(longs);
        assertThat(Tensors.toLongs(Tensors.ofBytes(bytes, 2, 2))).containsExactly(0, 127, 128, 255);
    }

    @Test
    void tensorIsACopyOfItsArray() {
        float[] values = {1, 2};
        Tensor tensor = Tensors.ofFloats(values, 2);
        values[0] = 9;

        assertThat(Tensors.toFloats(tensor)).containsExactly(1, 2);
    }

    @Test
    void emptyArrayGivesAnEmptyTensorOfItsShape() {
        Tensor boxes = Tensors.ofFloats(new float[0], 0, 4);

        assertThat(boxes.dim()).isEqualTo(2);
        assertThat(boxes.size(1)).isEqualTo(4);
        assertThat(Tensors.toFloats(boxes)).isEmpty();
        assertThat(Tensors.toLongs(Tensors.ofLongs(new long[0], 0))).isEmpty();
        assertThat(Tensors.ofBytes(new byte[0], 3, 0).numel()).isZero();
        assertThat(Tensors.memory(boxes).remaining()).isZero();
    }

    @Test
    void emptyShapeGivesAScalar() {
        Tensor scalar = Tensors.ofFloats(new float[] {3});

        assertThat(scalar.dim()).isZero();
        assertThat(scalar.item_double()).isEqualTo(3);
    }

    @Test
    void shapeThatDoesNotFitItsValuesIsRejected() {
        assertThatThrownBy(() -> Tensors.ofFloats(new float[5], 2, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("5 values for a tensor of shape [2, 3]");
        assertThatThrownBy(() -> Tensors.ofLongs(new long[1], 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Tensors.ofBytes(new byte[0], 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void valuesAreReadRowByRowForAnyLayoutAndType() {
        Tensor tensor = Tensors.ofFloats(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
        tensor.set_requires_grad(true);

        assertThat(Tensors.toFloats(tensor.t())).containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(Tensors.toFloats(tensor.to(ScalarType.BFloat16))).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(Tensors.toLongs(tensor)).containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void memoryIsSharedWithTheTensor() {
        Tensor tensor = Tensors.ofFloats(new float[] {1, 2}, 2);

        ByteBuffer memory = Tensors.memory(tensor);
        assertThat(memory.remaining()).isEqualTo(8);
        assertThat(memory.getFloat(4)).isEqualTo(2);
        memory.putFloat(0, 7);

        assertThat(Tensors.toFloats(tensor)).containsExactly(7, 2);
    }

    @Test
    void stridedMemoryAndMoreThanTwoGibibytesAreRejected() {
        Tensor transposed = Tensors.ofFloats(new float[4], 2, 2).t();
        // Never written, so the kernel allocates no pages for it.
        Tensor huge =
                torch.empty(new long[] {1L << 31}, new TensorOptions(ScalarType.Byte), new MemoryFormatOptional());

        assertThatThrownBy(() -> Tensors.memory(transposed))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tensor is not contiguous");
        assertThatThrownBy(() -> Tensors.memory(huge)).isInstanceOf(IllegalArgumentException.class);
        huge.close();
    }

    @Test
    void vectorKeepsItsOrder() {
        Tensor joined = torch.cat(
                Tensors.vector(List.of(Tensors.ofFloats(new float[] {2}, 1), Tensors.ofFloats(new float[] {1}, 1))), 0);

        assertThat(Tensors.toFloats(joined)).containsExactly(2, 1);
    }
}
