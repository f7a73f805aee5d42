package yolompi.data;

import java.util.List;

/**
 * All annotated images that a source yields, in its order.
 *
 * @param classes what a box's class id indexes
 * @param categoryIds for each class the number that COCO results call it by: COCO's own, otherwise
 *     the class index + 1
 * @param findings what was dropped and belongs to no image of the list
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
