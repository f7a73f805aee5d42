package yolompi.pack.annotation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import yolompi.InputException;
import yolompi.data.image.ImageFolder;
import yolompi.geometry.Box;
import yolompi.geometry.LabeledBox;
import yolompi.pack.annotation.Annotations.AnnotatedImage;

/**
 * Reads label files of Darknet and Ultralytics: for each image a text file of the same name below
 * the label folder. Each line is {@code class centerX centerY width height}: the class is a number
 * from 0, the others are fractions of the upright image. An image without a label file has no
 * boxes. Class names come from {@code --names}, otherwise from {@code names.txt},
 * {@code classes.txt}, {@code obj.names} or {@code data.yaml} in the label folder or its parent.
 */
final class YoloAnnotations {
    private static final List<String> NAME_FILES = List.of("names.txt", "classes.txt", "obj.names", "data.yaml");

    private YoloAnnotations() {}

    static Annotations read(SourcePaths paths) {
        paths.requireAnnotationFolder("one label file per image");
        ClassNames classes = paths.givenNames().orElseGet(() -> ClassNames.read(foundNames(paths.annotations())));
        ImageFolder folder = new ImageFolder(paths.images());
        List<Path> files = paths.split()
                .map(split -> AnnotationText.lines(split).stream()
                        .map(folder::resolve)
                        .toList())
                .orElse(folder.files());
        requireSomeLabels(paths.annotations(), folder, files);
        List<PackIssue> issues = new ArrayList<>();
        List<AnnotatedImage> images = new ArrayList<>();
        for (Path file : files) {
            Path labels = labels(paths.annotations(), folder, file);
            try {
                images.add(annotated(folder.stem(file), file, labels, classes));
            } catch (IOException unreadable) {
                issues.add(new PackIssue(
                        labels.toString(), PackIssue.Kind.BAD_ANNOTATION, String.valueOf(unreadable.getMessage())));
            }
        }
        return Annotations.numberedFromOne(classes, images, issues);
    }

    /** Images without label files are backgrounds. If no image has one, the folder is wrong. */
    private static void requireSomeLabels(Path labels, ImageFolder folder, List<Path> images) {
        if (!images.isEmpty()
                && images.stream().map(image -> labels(labels, folder, image)).noneMatch(Files::exists)) {
            throw new InputException(
                    ("--annotations %s: found no label file for any of the %d images, expected for example %s for %s;"
                                    + " name the label folder")
                            .formatted(labels, images.size(), labels(labels, folder, images.get(0)), images.get(0)));
        }
    }

    private static Path labels(Path labels, ImageFolder folder, Path image) {
        return labels.resolve(folder.stem(image) + ".txt");
    }

    private static Path foundNames(Path labels) {
        return Stream.of(labels, labels.toAbsolutePath().getParent())
                .flatMap(folder -> NAME_FILES.stream().map(folder::resolve))
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() ->
                        new InputException("%s: label files contain class numbers, but none of %s exists to name them;"
                                        .formatted(labels, NAME_FILES)
                                + " give --names with one class name per line"));
    }

    private static AnnotatedImage annotated(String imageId, Path image, Path labels, ClassNames classes)
            throws IOException {
        List<LabeledBox> boxes = new ArrayList<>();
        List<PackIssue> issues = new ArrayList<>();
        for (String line : Files.exists(labels) ? Files.readAllLines(labels) : List.<String>of()) {
            if (line.isBlank()) {
                continue;
            }
            try {
                LabeledBox box = box(line.strip());
                if (classes.hasId(box.classId())) {
                    boxes.add(box);
                } else {
                    issues.add(new PackIssue(
                            image.toString(),
                            PackIssue.Kind.UNKNOWN_CLASS,
                            "%d, names has 0–%d".formatted(box.classId(), classes.size() - 1)));
                }
            } catch (NumberFormatException malformed) {
                issues.add(new PackIssue(image.toString(), PackIssue.Kind.MALFORMED_BOX, malformed.getMessage()));
            }
        }
        return new AnnotatedImage(imageId, image, 0, 0, AnnotatedImage.Unit.FRACTIONS, boxes, issues);
    }

    private static LabeledBox box(String line) {
        String[] fields = line.split("\\s+", -1);
        if (fields.length != 5) {
            throw new NumberFormatException(
                    "found %d fields, expected class, center x, center y, width, height".formatted(fields.length));
        }
        Box box = Box.ofCenter(
                AnnotationText.finite(fields[1], "center x"),
                AnnotationText.finite(fields[2], "center y"),
                AnnotationText.finite(fields[3], "width"),
                AnnotationText.finite(fields[4], "height"));
        return new LabeledBox(box, Integer.parseInt(fields[0]), false);
    }
}
