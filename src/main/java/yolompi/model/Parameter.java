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

    /**
     * The tensors of a convolution and their names in networks and checkpoints, such as {@code
     * layers.0.conv.weight}.
     */
    public enum TensorName {
        /** {@code [out,in/groups,size,size]}. */
        KERNELS("conv.weight"),
        BIAS("conv.bias"),
        /** Darknet's scales. */
        SCALE("norm.weight"),
        /** Darknet's biases, in a layer with batch norm. */
        SHIFT("norm.bias"),
        MEAN("norm.running_mean"),
        VARIANCE("norm.running_var");

        private final String part;

        TensorName(String part) {
            this.part = part;
        }

        /** The full name in the layer with that number. */
        public String of(int layer) {
            return "layers." + layer + "." + part;
        }
    }

    /** Whether weight decay applies: to kernels, but not to biases and batch norms. */
    public boolean decays() {
        return role == Role.KERNEL;
    }
}
