package yolompi.model;

import org.bytedeco.pytorch.Tensor;

/** A tensor of the network under its name, such as {@code layers.0.conv.weight}, and what it does there. */
public record Parameter(String name, Tensor tensor, Role role) {
    public enum Role {
        /** Kernels of a convolution. */
        KERNEL,
        /** What a batch norm multiplies by. */
        SCALE,
        /** What a convolution or a batch norm adds. */
        BIAS,
        /** Kept, not learnt: running statistics, what an optimizer remembers. */
        STATE
    }

    /** Whether weight decay applies: to kernels, not to biases and batch norms. */
    public boolean decays() {
        return role == Role.KERNEL;
    }
}
