package yolompi.pack.annotation;

import java.nio.file.Path;
import java.util.List;
import yolompi.geometry.LabeledBox;

/**
 * All annotated images of a source, in its order.
 *
 * @param classes class names, indexed by a box's class id
 * @param categoryIds for each class its category id in COCO results: COCO's own id, otherwise the
 *     class index + 1
 * @param issues what was dropped and belongs to none of the images
 */
public record Annotations(
        ClassNames classes, List<Integer> categoryIds, List<AnnotatedImage> images, List<PackIssue> issues) {

    /**
     * An image with its ground-truth boxes as read from annotations. Only the classes are checked
     * so far.
     *
     * @param imageId COCO image id, or the file's path relative to the image folder, without
     *     extension
     * @param file the image file, which may not exist
     * @param declaredWidth width stated in the annotation, pixels; 0 if absent
     * @param declaredHeight height stated in the annotation, pixels; 0 if absent
     * @param unit unit of the boxes
     * @param issues what was dropped while reading the annotation
     */
    public record AnnotatedImage(
            String imageId,
            Path file,
            int declaredWidth,
            int declaredHeight,
            Unit unit,
            List<LabeledBox> boxes,
            List<PackIssue> issues) {

        /** Unit of box coordinates. */
        public enum Unit {
            PIXELS,
            /** Fractions of the image's width and height, 0 to 1. */
            FRACTIONS
        }

        public AnnotatedImage {
            boxes = List.copyOf(boxes);
            issues = List.copyOf(issues);
        }
    }

    public Annotations {
        categoryIds = List.copyOf(categoryIds);
        images = List.copyOf(images);
        issues = List.copyOf(issues);
    }

    static Annotations numberedFromOne(ClassNames classes, List<AnnotatedImage> images, List<PackIssue> issues) {
        return new Annotations(classes, classes.numbersFromOne(), images, issues);
    }
}
