package yolompi.pack.annotation;

import java.nio.file.Path;
import java.util.List;
import yolompi.geometry.LabeledBox;

/**
 * An image with its ground-truth boxes as read from annotations. Only the classes are checked so
 * far.
 *
 * @param imageId COCO image id, or the file's path relative to the image folder, without extension
 * @param file the image file, which may not exist
 * @param declaredWidth width stated in the annotation, pixels; 0 if absent
 * @param declaredHeight height stated in the annotation, pixels; 0 if absent
 * @param unit unit of the boxes
 * @param findings what was dropped while reading the annotation
 */
public record AnnotatedImage(
        String imageId,
        Path file,
        int declaredWidth,
        int declaredHeight,
        Unit unit,
        List<LabeledBox> boxes,
        List<Finding> findings) {

    /** Unit of box coordinates. */
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
