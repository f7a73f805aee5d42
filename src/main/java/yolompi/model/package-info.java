/**
 * The network and its loss. {@link yolompi.model.Architecture} is a Darknet {@code .cfg} as plain numbers;
 * {@link yolompi.model.Network} holds its tensors and runs it, some of them perhaps {@link yolompi.model.FrozenLayers};
 * {@link yolompi.model.DarknetWeights} is the format of its weights in Darknet's files; {@link yolompi.model.HeadValues} says what its raw
 * output means.
 * {@link yolompi.model.Targets} decides which predictor learns which true box, and {@link yolompi.model.YoloLoss} states the one
 * averaging rule that makes the gradients of many ranks those of one.
 */
package yolompi.model;
