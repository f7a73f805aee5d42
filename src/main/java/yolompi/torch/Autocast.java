package yolompi.torch;

import java.util.Optional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * While open, convolutions of this thread run in 16 bits. Weights and sensitive operators stay in
 * float32.
 */
public final class Autocast implements AutoCloseable {
    private final boolean active;
    private final DeviceType device;
    private final boolean enabledBefore;

    private Autocast(Optional<ScalarType> castType, DeviceType device) {
        this.active = castType.isPresent();
        this.device = device;
        this.enabledBefore = torch.is_autocast_enabled(device);
        castType.ifPresent(type -> {
            torch.set_autocast_dtype(device, type);
            torch.set_autocast_enabled(device, true);
        });
    }

    /**
     * Opens autocast, or does nothing without a dtype to cast to, so that callers need no branch.
     */
    public static Autocast to(Optional<ScalarType> castType, DeviceType device) {
        return new Autocast(castType, device);
    }

    @Override
    public void close() {
        if (active) {
            torch.set_autocast_enabled(device, enabledBefore);
            torch.clear_cache();
        }
    }
}
