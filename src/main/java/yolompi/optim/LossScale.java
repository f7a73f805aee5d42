package yolompi.optim;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import yolompi.model.Parameter;
import yolompi.torch.DeviceContext;
import yolompi.torch.Tensors;

/**
 * Loss scale that keeps small gradients in the range of float16 (Micikevicius et al., Mixed
 * Precision Training, 2018, section 3.2). It follows PyTorch's {@code GradScaler}: halved when
 * gradients overflow, doubled after 2,000 steps without overflow.
 */
public final class LossScale {
    /** Name in a checkpoint. */
    public static final String NAME = "loss_scale";

    private static final float FIRST = 65_536;
    private static final int STEPS_TO_GROWTH = 2_000;

    private final boolean active;

    /**
     * The scale, and the number of steps since its last change; float32 {@code [2]}, on the host,
     * so that reading it does not wait for a GPU.
     */
    private final Tensor state = Tensors.ofFloats(new float[] {FIRST, 0}, 2);

    private LossScale(DeviceContext device) {
        this.active = device.needsScaledLoss();
    }

    /** Creates a scale that changes if the precision needs one, and otherwise stays 1. */
    public static LossScale of(DeviceContext device) {
        return new LossScale(device);
    }

    public double factor() {
        return active ? Tensors.toFloats(state)[0] : 1;
    }

    /** Adapts the scale after a step. */
    public void update(boolean finite) {
        if (!active) {
            return;
        }
        float[] now = Tensors.toFloats(state);
        boolean grows = finite && now[1] + 1 >= STEPS_TO_GROWTH;
        float factor = finite ? grows ? 2 * now[0] : now[0] : now[0] / 2;
        state.copy_(Tensors.ofFloats(new float[] {factor, finite && !grows ? now[1] + 1 : 0}, 2));
    }

    /** Returns what a checkpoint must hold. */
    public List<Parameter> state() {
        return active ? List.of(new Parameter(NAME, state, Parameter.Role.STATE)) : List.of();
    }
}
