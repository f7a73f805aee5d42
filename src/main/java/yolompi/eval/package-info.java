/**
 * Evaluation of a detector on a shard set. Read {@link Evaluator} first: each rank runs the
 * detector on its own images, each image once, and rank 0 gathers an
 * {@link yolompi.eval.metric.ImageResult} for each image.
 *
 * <p>{@link DetectionReport} holds all metrics of these results, each computed by a pure function
 * in {@code eval.metric}. {@link ReportJson} writes it as JSON and specifies that format.
 * {@code eval.coco} reads and writes COCO's files.
 */
package yolompi.eval;
