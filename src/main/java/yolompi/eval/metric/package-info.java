/**
 * Detection metrics as pure functions. Read {@link DetectionSet} first: ground truth
 * ({@link GroundTruthBox}) and detections ({@link DetectedBox}) of a set of images, the input of
 * every metric. Its order breaks ties, so results are reproducible to the last bit.
 *
 * <p>{@link CocoMetrics} equals pycocotools: {@link ImageMatcher} matches detections to ground
 * truth in one image, {@link MatchAccumulator} accumulates the matches of a class, and
 * {@link AveragePrecision} computes average precision. {@link VocMetrics} follows Pascal VOC's
 * development kit.
 *
 * <p>{@link DetectionCurves} gives precision, recall and F1 by confidence,
 * {@link ConfusionMatrix} counts confused classes, and {@link ErrorSplit} classifies errors as TIDE
 * does.
 */
package yolompi.eval.metric;
