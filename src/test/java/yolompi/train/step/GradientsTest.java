package yolompi.train.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import yolompi.torch.LoadLibTorch;
import yolompi.torch.Tensors;

@ExtendWith(LoadLibTorch.class)
class GradientsTest {
    private final List<Tensor> parameters = List.of(zeros(2), zeros(1), zeros(0));
    private final Gradients gradients = new Gradients(parameters);

    private static Tensor zeros(int count) {
        return Tensors.ofFloats(new float[count], count).set_requires_grad(true);
    }

    private void set(float first, float second, float third) {
        parameters.get(0).grad().copy_(Tensors.ofFloats(new float[] {first, second}, 2));
        parameters.get(1).grad().copy_(Tensors.ofFloats(new float[] {third}, 1));
    }

    private float[] values() {
        float[] pair = Tensors.toFloats(parameters.get(0).grad());
        return new float[] {pair[0], pair[1], Tensors.toFloats(parameters.get(1).grad())[0]};
    }

    @Test
    void globalNormIsClipped() {
        set(2, 3, 6); // of length 7
        gradients.clip(3.5);
        assertThat(values()).containsExactly(new float[] {1, 1.5f, 3}, within(1e-6f));
    }

    @Test
    void gradientsBelowTheLimitKeepEveryBit() {
        set(0.1f, -1 / 3f, 1e-30f);
        gradients.clip(0.5);
        assertThat(values()).containsExactly(0.1f, -1 / 3f, 1e-30f);
    }

    @Test
    void zeroGradientsStayZero() {
        gradients.clip(1);
        assertThat(values()).containsExactly(0, 0, 0);
    }
}
