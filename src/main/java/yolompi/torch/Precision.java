package yolompi.torch;

import java.util.Optional;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Precision of convolutions. Weights, gradients and the loss are always fp32. */
public enum Precision {
    FP32,
    /** fp32 with products rounded to ten bits of mantissa; on GPUs since Ampere. */
    TF32,
    BF16,
    /** Needs loss scaling: gradients below 6e-8 would underflow. */
    FP16;

    /** The dtype that autocast casts to. */
    Optional<ScalarType> castType() {
        return switch (this) {
            case FP32, TF32 -> Optional.empty();
            case BF16 -> Optional.of(ScalarType.BFloat16);
            case FP16 -> Optional.of(ScalarType.Half);
        };
    }
}
