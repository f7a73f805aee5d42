/**
 * The network and its loss.
 *
 * <p>Read {@link yolompi.model.Architecture} first: a Darknet {@code .cfg} as a list of layers.
 * {@link yolompi.model.Network} holds the weights of an architecture and runs the forward pass;
 * {@link yolompi.model.FrozenLayers} are the layers that are not trained.
 * {@link yolompi.model.HeadValues} decodes the raw heads. {@link yolompi.model.Targets} assigns
 * ground truth to predictors, and {@link yolompi.model.YoloLoss} computes the loss and states the
 * averaging rule that makes the gradients of N ranks equal those of one.
 * {@link yolompi.model.DarknetWeights} reads and writes Darknet's {@code .weights} files.
 */
package yolompi.model;
