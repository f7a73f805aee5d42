package yolompi.pack.annotation;

import java.util.List;

/**
 * All annotated images of a source, in its order.
 *
 * @param classes class names, indexed by a box's class id
 * @param categoryIds for each class its category id in COCO results: COCO's own id, otherwise the
 *     class index + 1
 * @param findings what was dropped and belongs to none of the images
 */
public record Annotations(
        ClassNames classes, List<Integer> categoryIds, List<AnnotatedImage> images, List<Finding> findings) {
    public Annotations {
        categoryIds = List.copyOf(categoryIds);
        images = List.copyOf(images);
        findings = List.copyOf(findings);
    }

    static Annotations numberedFromOne(ClassNames classes, List<AnnotatedImage> images, List<Finding> findings) {
        return new Annotations(classes, classes.numbersFromOne(), images, findings);
    }
}
