/** From raw heads to boxes: {@link yolompi.detect.Detector} runs a network, {@link yolompi.detect.Nms} keeps the best of what overlaps. */
package yolompi.detect;
