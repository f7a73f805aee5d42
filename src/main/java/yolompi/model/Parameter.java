package yolompi.model;

import org.bytedeco.pytorch.Tensor;

/** A named tensor of the network, such as {@code layers.0.conv.weight}, and its role. */
public record Parameter(String name, Tensor tensor, Role role) {
    public enum Role {
        /** Kernels of a convolution. */
        KERNEL,
        /** Weight of a batch norm. */
        SCALE,
        /** Bias of a convolution or a batch norm. */
        BIAS,
        /** Not trained: running statistics, optimizer state. */
        STATE
    }

    /** Whether weight decay applies: to kernels, but not to biases and batch norms. */
    public boolean decays() {
        return role == Role.KERNEL;
    }
}
