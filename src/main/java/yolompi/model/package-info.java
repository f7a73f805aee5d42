/**
 * The network: its description, its weights, and its forward pass.
 *
 * <p>Read {@link yolompi.model.Architecture} first: a network as plain numbers, one {@link
 * yolompi.model.LayerSpec} per layer. {@link yolompi.model.Network} creates the weights of an
 * architecture and runs the forward pass; {@link yolompi.model.Layer} computes each kind of
 * layer. {@link yolompi.model.HeadDecoder} decodes the raw heads into boxes. {@link
 * yolompi.model.FrozenLayers} are not trained. {@link yolompi.model.Layer.SharedStatistics}
 * connects the batch norms of several processes.
 *
 * <p>{@code model.darknet} reads architectures and weights from Darknet's files; {@code model.loss}
 * computes the loss. This package uses neither.
 */
package yolompi.model;
