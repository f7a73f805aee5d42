package yolompi.eval.metric;

/**
 * A detection.
 *
 * @param image index of its image, from 0
 * @param category index of its category, from 0
 * @param score confidence; any finite number
 */
public record DetectedBox(int image, int category, CocoBox box, double score) {}
