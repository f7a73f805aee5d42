package yolompi.cli;

import java.util.Optional;
import yolompi.torch.Compute;

/** A warning about a precision that the device does not speed up. */
final class PrecisionLine {
    private PrecisionLine() {}

    /** Empty if the precision suits the device. */
    static Optional<String> of(Compute compute) {
        if (compute.onGpu()) {
            return Optional.empty();
        }
        return switch (compute.arithmetic()) {
            case FP16 ->
                Optional.of("fp16 is meant for GPUs: most CPUs compute it more slowly than fp32;"
                        + " model.precision = \"auto\" chooses a fast precision");
            case TF32 -> Optional.of("tf32 is meant for GPUs: on CPUs it is fp32");
            case FP32, BF16 -> Optional.empty();
        };
    }
}
