package yolompi.eval;

/**
 * How good detections are by Pascal VOC's measure, at IoU 0.5. Every number is 0 to 1, or -1 where there is nothing to find.
 *
 * @param map mean over the classes that have true boxes
 * @param ap average precision of each category, in their order
 */
public record VocScores(VocProtocol protocol, double map, double[] ap) {}
