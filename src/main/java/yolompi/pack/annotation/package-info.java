/**
 * Readers of annotation formats. They read boxes and names, but no image.
 *
 * <p>Read {@link yolompi.pack.annotation.AnnotationFormat} first: it lists the formats. Every
 * reader turns {@link yolompi.pack.annotation.SourcePaths} into
 * {@link yolompi.pack.annotation.Annotations}, a list of annotated images: {@code VocAnnotations},
 * {@code CocoAnnotations}, {@code YoloAnnotations} and {@code ListAnnotations}.
 * {@link yolompi.pack.annotation.ClassNames} holds and reads the class names.
 * {@code AnnotationText} reads lines and numbers, and {@code ImageFolder} finds the image file that
 * an annotation names.
 *
 * <p>A malformed box or file of one image is reported as a
 * {@link yolompi.pack.annotation.PackIssue}. A malformed file that all images need is an error.
 * To add a format, add a reader and an enum constant, and extend {@code AnnotationFormatContract}
 * in the tests.
 */
package yolompi.pack.annotation;
