/**
 * From gradients to weights.
 *
 * <p>Start with {@link Optimizer}; {@link Sgd} and {@link Adam} (also AdamW) call LibTorch's fused
 * kernels. {@link ParameterGroup} gives kernels, batch norms and biases their own weight decay and
 * learning rate. {@link Schedule} returns the learning rates and the momentum of a step as a pure
 * function of the step. {@link yolompi.train.step.Gradients} unscales and clips, {@link LossScale}
 * is the loss scale of fp16, and {@link Ema} the moving average of the weights, which is evaluated
 * and exported.
 *
 * <p>To add an optimizer: implement {@link Optimizer}, add it to its {@code permits} clause and to
 * {@link Optimizer#of}, and test it with a subclass of {@code OptimizerContract}.
 */
package yolompi.optim;
