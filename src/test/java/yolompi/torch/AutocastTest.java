package yolompi.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import yolompi.torch.DeviceContext.Autocast;

@ExtendWith(LoadLibTorch.class)
final class AutocastTest {
    @Test
    void convolutionsUseBfloat16InsideTheScope() {
        assertThat(typeOfAConvolution()).isEqualTo(ScalarType.Float);
        try (Autocast cast = DeviceContext.cpu(Precision.BF16).autocast()) {
            assertThat(typeOfAConvolution()).isEqualTo(ScalarType.BFloat16);
        }
        assertThat(typeOfAConvolution()).isEqualTo(ScalarType.Float);
    }

    @Test
    void disabledAutocastChangesNothing() {
        try (Autocast cast = DeviceContext.PLAIN.autocast()) {
            assertThat(typeOfAConvolution()).isEqualTo(ScalarType.Float);
        }
    }

    @Test
    void exceptionEndsTheScope() {
        assertThatThrownBy(() -> {
                    try (Autocast cast = DeviceContext.cpu(Precision.BF16).autocast()) {
                        throw new IllegalStateException("inside");
                    }
                })
                .hasMessage("inside");
        assertThat(typeOfAConvolution()).isEqualTo(ScalarType.Float);
    }

    @Test
    void innerScopeKeepsTheOuterScope() {
        try (Autocast outer = DeviceContext.cpu(Precision.BF16).autocast()) {
            try (Autocast inner = DeviceContext.cpu(Precision.BF16).autocast()) {
                assertThat(typeOfAConvolution()).isEqualTo(ScalarType.BFloat16);
            }
            assertThat(typeOfAConvolution()).isEqualTo(ScalarType.BFloat16);
        }
        assertThat(typeOfAConvolution()).isEqualTo(ScalarType.Float);
    }

    private static ScalarType typeOfAConvolution() {
        Tensor ones = torch.ones(1, 1, 2, 2);
        return torch.conv2d(ones, ones).scalar_type().intern();
    }
}
