/**
 * How good detections are. {@link yolompi.eval.Evaluator} lets all ranks look at a shard set; {@link yolompi.eval.ImageResult} is what one
 * image gives, and ranks exchange them as bytes ({@link yolompi.eval.ImageResultCodec}).
 *
 * <p>To measure, read {@link yolompi.eval.DetectionSet} first: true boxes and detections of all images, from an evaluation or from COCO's
 * files ({@link yolompi.eval.CocoFiles}). {@link yolompi.eval.DetectionReport} holds all that is made of it, each part by a pure function
 * of its own: {@link yolompi.eval.CocoMetrics}, {@link yolompi.eval.VocMetrics}, {@link yolompi.eval.DetectionCurves},
 * {@link yolompi.eval.ConfusionMatrix}, {@link yolompi.eval.ErrorSplit}. {@link yolompi.eval.ReportJson} writes it,
 * {@link yolompi.eval.CocoResults} the detections, for other tools.
 */
package yolompi.eval;
