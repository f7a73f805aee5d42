/**
 * Target assignment and the YOLOv3 loss.
 *
 * <p>Read {@link yolompi.model.loss.YoloLoss} first: it adds the three terms (box, objectness,
 * class) and states the averaging rule that makes the gradients of N ranks equal those of one.
 * {@link yolompi.model.loss.TargetAssignment} assigns each ground-truth box to predictors, in Java
 * arrays; {@link yolompi.model.loss.TargetTensors} moves the result to the device.
 * {@code IgnoreMask} finds the predictions that the objectness loss ignores. {@code FocalLoss} and
 * {@code BoxLoss} are the terms: cross entropy with or without focus, and IoU, GIoU, DIoU, CIoU.
 */
package yolompi.model.loss;
