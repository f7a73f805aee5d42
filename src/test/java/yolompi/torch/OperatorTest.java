package yolompi.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LoadLibTorch.class)
final class OperatorTest {
    @Test
    void listsOfTensorsAndDoublesAreAccepted() {
        Tensor first = floats(0, 10);
        Tensor second = floats(4);

        Operator.named("aten::_foreach_lerp_", "Scalar")
                .call(List.of(first, second), List.of(floats(10, 0), floats(8)), 0.25);

        assertThat(Tensors.toFloats(first)).containsExactly(2.5f, 7.5f);
        assertThat(Tensors.toFloats(second)).containsExactly(5);
    }

    @Test
    void listsOfTensorsAreReturned() {
        List<Tensor> norms = Operator.named("aten::_foreach_norm", "Scalar")
                .tensors(List.of(floats(3, 4), floats(-2)), 2.0, Operator.NONE);

        assertThat(norms).hasSize(2);
        assertThat(Tensors.toFloats(norms.get(0))).containsExactly(5);
        assertThat(Tensors.toFloats(norms.get(1))).containsExactly(2);
    }

    @Test
    void booleansAreAccepted() {
        Operator put = Operator.named("aten::put_", "");
        Tensor values = floats(1, 2);
        Tensor second = Tensors.ofLongs(new long[] {1}, 1);

        put.call(values, second, floats(5), true); // accumulates
        assertThat(Tensors.toFloats(values)).containsExactly(1, 7);
        put.call(values, second, floats(5), false);
        assertThat(Tensors.toFloats(values)).containsExactly(1, 5);
    }

    @Test
    void longsAndMissingArgumentsAreAccepted() {
        Tensor values = Tensors.ofFloats(new float[] {1, 2, 3, 4}, 2, 2);
        Operator.named("aten::cumsum_", "").call(values, 1L, Operator.NONE);
        assertThat(Tensors.toFloats(values)).containsExactly(1, 3, 3, 7);

        Operator.named("aten::clamp_", "").call(values, Operator.NONE, 3.0);
        assertThat(Tensors.toFloats(values)).containsExactly(1, 3, 3, 3);
    }

    @Test
    void otherArgumentTypesAreRejected() {
        Operator clamp = Operator.named("aten::clamp_", "");

        assertThatThrownBy(() -> clamp.call(floats(1), Operator.NONE, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("unsupported operator argument: class java.lang.Integer; expected ");
    }

    @Test
    void unknownOperatorIsNamed() {
        assertThatThrownBy(() -> Operator.named("aten::no_such_operator", ""))
                .isInstanceOf(RuntimeException.class)
                .hasMessageContaining("aten::no_such_operator");
    }

    @Test
    void errorInTheOperatorBecomesAnException() {
        Operator add = Operator.named("aten::add_", "Tensor");

        assertThatThrownBy(() -> add.call(floats(1, 2), floats(1, 2, 3), 1.0))
                .isInstanceOf(RuntimeException.class)
                .hasMessageContaining("must match");
    }

    private static Tensor floats(float... values) {
        return Tensors.ofFloats(values, values.length);
    }
}
