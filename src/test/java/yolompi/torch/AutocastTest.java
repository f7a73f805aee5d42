package yolompi.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class AutocastTest {
    @BeforeAll
    static void loadLibTorch() {
        NativeLibraries.load(torch.class);
    }

    @Test
    void convolutionsAreInBfloat16WhileItIsOpen() {
        assertThat(typeOfAConvolution()).isEqualTo(ScalarType.Float);
        try (Autocast cast = Autocast.bf16(true)) {
            assertThat(typeOfAConvolution()).isEqualTo(ScalarType.BFloat16);
        }
        assertThat(typeOfAConvolution()).isEqualTo(ScalarType.Float);
    }

    @Test
    void nothingChangesWhereItIsNotWanted() {
        try (Autocast cast = Autocast.bf16(false)) {
            assertThat(typeOfAConvolution()).isEqualTo(ScalarType.Float);
        }
    }

    @Test
    void aFailureInsideEndsIt() {
        assertThatThrownBy(() -> {
                    try (Autocast cast = Autocast.bf16(true)) {
                        throw new IllegalStateException("inside");
                    }
                })
                .hasMessage("inside");
        assertThat(typeOfAConvolution()).isEqualTo(ScalarType.Float);
    }

    @Test
    void anInnerOneLeavesTheOuterAsItWas() {
        try (Autocast outer = Autocast.bf16(true)) {
            try (Autocast inner = Autocast.bf16(true)) {
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
