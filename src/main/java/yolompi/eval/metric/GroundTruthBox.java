package yolompi.eval.metric;

/**
 * A ground-truth box.
 *
 * @param image index of its image, from 0
 * @param category index of its category, from 0
 * @param area decides whether it is small, medium or large, square pixels; in COCO's files it is
 *     the area of the mask, which is smaller than the box
 * @param crowd a region of many objects: it matches any number of detections, and counts neither as
 *     detected nor as missed
 * @param difficult VOC's flag; COCO's metrics do not use it
 * @param idZero whether its annotation has the id 0, which pycocotools takes for "no match": its
 *     match is a false positive
 */
public record GroundTruthBox(
        int image, int category, CocoBox box, double area, boolean crowd, boolean difficult, boolean idZero) {
    /** The IoU with a detection; for a crowd, the fraction of the detection's area inside it. */
    double overlap(CocoBox found) {
        return crowd ? found.shareIn(box) : found.iou(box);
    }
}
