package yolompi.geometry;

/**
 * A true box of an image.
 *
 * @param classId index into the data set's names, from 0
 * @param ignored a crowd region (COCO) or a difficult object (VOC): neither found nor missed in
 *     evaluation, not trained on
 */
public record LabeledBox(Box box, int classId, boolean ignored) {
    public LabeledBox withBox(Box moved) {
        return new LabeledBox(moved, classId, ignored);
    }
}
