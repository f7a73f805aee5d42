/**
 * From raw heads to detections.
 *
 * <p>Read {@link yolompi.detect.Detector} first: it runs the network, decodes the heads and applies
 * NMS. {@link yolompi.detect.NmsConfig} holds the thresholds and the NMS variant;
 * {@code GreedyNms}, {@code SoftNms} and {@code MergingNms} implement the
 * variants on {@link yolompi.detect.Candidates}.
 */
package yolompi.detect;
