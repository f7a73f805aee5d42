package yolompi.eval.metric;

/**
 * Pascal VOC's detection metrics at IoU 0.5. Every value is 0 to 1, or -1 without ground truth.
 *
 * @param map mean over the classes with ground truth
 * @param ap average precision of each category, in order
 */
public record VocScores(VocProtocol protocol, double map, double[] ap) {}
