/**
 * COCO's file formats. Read {@link CocoFiles} first: it reads ground truth
 * ({@link CocoGroundTruth}) and detections into a {@link yolompi.eval.metric.DetectionSet}, with
 * the rules of pycocotools for ids, missing fields and unlisted categories.
 *
 * <p>{@link JsonCursor} streams a file and names file, line and element in errors;
 * {@link CocoItem} reads the fields of one element. {@link CocoResults} writes detections in COCO's
 * result format.
 */
package yolompi.eval.coco;
