package yolompi.data;

import java.nio.file.Path;
import java.util.List;
import yolompi.geometry.LabeledBox;

/**
 * An image with its true boxes as an annotation format gives them: nothing but the classes is
 * checked yet.
 *
 * @param imageId COCO's image id, or the file's path below the image folder without its ending
 * @param file the image, which may not exist
 * @param declaredWidth width that the annotation names, pixels; 0 where it names none
 * @param declaredHeight height that the annotation names, pixels; 0 where it names none
 * @param unit what the boxes are measured in
 * @param findings what reading the annotation has already dropped
 */
public record AnnotatedImage(
        String imageId,
        Path file,
        int declaredWidth,
        int declaredHeight,
        Unit unit,
        List<LabeledBox> boxes,
        List<Finding> findings) {

    /** What box coordinates are measured in. */
    public enum Unit {
        PIXELS,
        /** Fractions of the image's width and height, 0 to 1. */
        FRACTIONS
    }

    public AnnotatedImage {
        boxes = List.copyOf(boxes);
        findings = List.copyOf(findings);
    }
}
