package yolompi.torch;

import java.util.Optional;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** In which numbers convolutions are computed; weights, gradients and the loss are fp32 in all of them. */
public enum Arithmetic {
    FP32,
    /** fp32 whose products are rounded to ten bits of mantissa, on GPUs since Ampere. */
    TF32,
    BF16,
    /** Needs a scaled loss: gradients below 6e-8 would vanish. */
    FP16;

    /** The type that autocast casts to. */
    Optional<ScalarType> castType() {
        return switch (this) {
            case FP32, TF32 -> Optional.empty();
            case BF16 -> Optional.of(ScalarType.BFloat16);
            case FP16 -> Optional.of(ScalarType.Half);
        };
    }
}
