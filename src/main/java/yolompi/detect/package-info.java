/**
 * From raw heads to detections.
 *
 * <p>Read {@link yolompi.detect.Detector} first: it runs the network, decodes the heads and applies
 * NMS. {@link yolompi.detect.DetectionRule} holds the thresholds and the NMS variant;
 * {@link yolompi.detect.GreedyNms}, {@link yolompi.detect.SoftNms} and
 * {@link yolompi.detect.MergingNms} implement the variants.
 */
package yolompi.detect;
