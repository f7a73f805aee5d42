/**
 * How good detections are. Read {@link yolompi.eval.ImageResult} first, what one image gives; ranks exchange them as bytes
 * ({@link yolompi.eval.ImageResultCodec}); {@link yolompi.eval.CocoMetrics} turns all of them into
 * {@link yolompi.eval.MeanAveragePrecision}; {@link yolompi.eval.CocoResults} writes the detections for other tools.
 */
package yolompi.eval;
