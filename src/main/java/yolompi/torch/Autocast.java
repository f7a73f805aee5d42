package yolompi.torch;

import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** While open, convolutions of this thread on the CPU run in bfloat16; weights and what is sensitive stay in float32. */
public final class Autocast implements AutoCloseable {
    private final boolean active;
    private final boolean enabledBefore;

    private Autocast(boolean active) {
        this.active = active;
        this.enabledBefore = torch.is_autocast_enabled(DeviceType.CPU);
        if (active) {
            torch.set_autocast_dtype(DeviceType.CPU, ScalarType.BFloat16);
            torch.set_autocast_enabled(DeviceType.CPU, true);
        }
    }

    /** Starts autocast where {@code wanted}; otherwise does nothing, so that callers need no branch. */
    public static Autocast bf16(boolean wanted) {
        return new Autocast(wanted);
    }

    @Override
    public void close() {
        if (active) {
            torch.set_autocast_enabled(DeviceType.CPU, enabledBefore);
            torch.clear_cache();
        }
    }
}
