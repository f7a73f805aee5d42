package yolompi.cli;

import java.util.Optional;
import yolompi.torch.Compute;

/** What is to be known of an arithmetic where it is computed. */
final class PrecisionLine {
    private PrecisionLine() {}

    /** Empty where the arithmetic is one for that device. */
    static Optional<String> of(Compute compute) {
        if (compute.onGpu()) {
            return Optional.empty();
        }
        return switch (compute.arithmetic()) {
            case FP16 ->
                Optional.of("fp16 is for GPUs: most CPUs compute it more slowly than fp32; model.precision = \"auto\""
                        + " takes what is fast");
            case TF32 -> Optional.of("tf32 is for GPUs: on CPUs it is fp32");
            case FP32, BF16 -> Optional.empty();
        };
    }
}
