package yolompi.eval;

/**
 * A true box.
 *
 * @param image index of its image, from 0
 * @param category index of its category, from 0
 * @param area by which it is small, medium or large, square pixels; COCO's files state that of the mask, which is smaller than the box's
 * @param crowd a region of many objects: it takes any number of detections, and is neither found nor missed
 * @param difficult as VOC marks it; {@link VocMetrics} alone looks at it
 * @param idZero its annotation has the id 0, which pycocotools takes for "no match": what hits it counts as wrong
 */
public record TruthBox(
        int image, int category, CocoBox box, double area, boolean crowd, boolean difficult, boolean idZero) {
    /** How far a detection overlaps it: the share of the detection that lies in a crowd, else intersection over union. */
    double overlap(CocoBox found) {
        return crowd ? found.shareIn(box) : found.iou(box);
    }
}
