/**
 * From raw heads to boxes: {@link yolompi.detect.Detector} runs a network; {@link yolompi.detect.GreedyNms} and its siblings keep the best
 * of overlapping boxes.
 */
package yolompi.detect;
