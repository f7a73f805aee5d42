/**
 * Evaluation and detection metrics. {@link yolompi.eval.Evaluator} runs a detector on a shard set,
 * split over all ranks, and gathers an {@link yolompi.eval.ImageResult} for each image on rank 0
 * ({@link yolompi.eval.ImageResultCodec}).
 *
 * <p>For the metrics, read {@link yolompi.eval.DetectionSet} first: ground truth and detections of
 * all images, from an evaluation or from COCO's files ({@link yolompi.eval.CocoFiles}).
 * {@link yolompi.eval.DetectionReport} holds all metrics of a set. Each metric is a pure function:
 * {@link yolompi.eval.CocoMetrics}, {@link yolompi.eval.VocMetrics},
 * {@link yolompi.eval.DetectionCurves}, {@link yolompi.eval.ConfusionMatrix},
 * {@link yolompi.eval.ErrorSplit}. {@link yolompi.eval.ReportJson} writes the report, and
 * {@link yolompi.eval.CocoResults} writes the detections in COCO's format.
 */
package yolompi.eval;
