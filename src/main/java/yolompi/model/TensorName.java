package yolompi.model;

/** The tensors that a convolution may have, and their names in a network and a checkpoint, such as {@code layers.0.conv.weight}. */
public enum TensorName {
    /** {@code [out,in/groups,size,size]}. */
    KERNELS("conv.weight"),
    BIAS("conv.bias"),
    /** Darknet's scales. */
    SCALE("norm.weight"),
    /** Darknet's biases, where there is a batch norm. */
    SHIFT("norm.bias"),
    MEAN("norm.running_mean"),
    VARIANCE("norm.running_var");

    private final String part;

    TensorName(String part) {
        this.part = part;
    }

    /** The full name in the layer of that number. */
    public String of(int layer) {
        return "layers." + layer + "." + part;
    }
}
