package yolompi.model;

import org.bytedeco.pytorch.Tensor;

/**
 * A tensor of the network under its name, such as {@code layers.0.conv.weight}.
 *
 * @param decays whether weight decay applies: to kernels, not to biases and batch norms
 */
public record Parameter(String name, Tensor tensor, boolean decays) {}
