package yolompi.model;

/**
 * The tensors of a convolution and their names in networks and checkpoints, such as
 * {@code layers.0.conv.weight}.
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
