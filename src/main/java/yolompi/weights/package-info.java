/**
 * Loading of trained networks.
 *
 * <p>Start with {@link TrainedModel}: a network from a checkpoint, ready to detect;
 * {@code predict}, {@code eval} and {@code export} begin here. {@link PretrainedWeights} loads
 * initial weights for a training from a checkpoint, possibly of another network or with other
 * classes: it takes tensors whose name and shape match. {@link DarknetFiles} converts Darknet
 * weights to checkpoints and back. {@link TrainingTensors} defines the names of the tensors in a
 * checkpoint: {@code model/}, {@code ema/} and {@code optimizer/}.
 */
package yolompi.weights;
