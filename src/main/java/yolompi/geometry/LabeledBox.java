package yolompi.geometry;

/**
 * A ground-truth box of an image.
 *
 * @param classId index into the data set's names, from 0
 * @param ignored true for a crowd region (COCO) or a difficult object (VOC): training skips it, and
 *     evaluation counts it neither as found nor as missed
 */
public record LabeledBox(Box box, int classId, boolean ignored) {
    public LabeledBox withBox(Box moved) {
        return new LabeledBox(moved, classId, ignored);
    }
}
