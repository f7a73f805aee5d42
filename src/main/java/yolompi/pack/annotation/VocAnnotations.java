package yolompi.pack.annotation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeSet;
import yolompi.data.image.ImageFolder;
import yolompi.geometry.LabeledBox;

/**
 * Reads Pascal VOC annotations: a folder with one XML file per image. Boxes are xmin, ymin, xmax,
 * ymax without any offset, as in the COCO conversions of VOC. {@code difficult} objects are marked
 * as ignored. The image has the same name as the XML file; otherwise {@code filename} in the file
 * names it. Without a names file the classes are the sorted names of the annotations. So training
 * and validation data that are packed separately need a common names file.
 */
final class VocAnnotations {
    private VocAnnotations() {}

    static Annotations read(SourcePaths paths) {
        paths.requireAnnotationFolder("one XML file per image");
        List<Finding> findings = new ArrayList<>();
        List<VocFile> files = new ArrayList<>();
        for (Path file : annotationFiles(paths)) {
            try {
                files.add(VocFile.parse(file));
            } catch (VocFile.MalformedException malformed) {
                findings.add(new Finding(file.toString(), Reason.BAD_ANNOTATION, malformed.getMessage()));
            }
        }
        ClassNames classes = paths.givenNames().orElseGet(() -> namesIn(files));
        ImageFolder folder = new ImageFolder(paths.images());
        List<AnnotatedImage> images =
                files.stream().map(file -> annotated(file, classes, folder)).toList();
        return Annotations.numberedFromOne(classes, images, findings);
    }

    private static List<Path> annotationFiles(SourcePaths paths) {
        if (paths.split().isPresent()) {
            return TextLines.of(paths.split().get()).stream()
                    .map(line -> paths.annotations().resolve(imageName(line) + ".xml"))
                    .toList();
        }
        try (var files = Files.list(paths.annotations())) {
            return files.filter(file -> file.toString().endsWith(".xml"))
                    .sorted()
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot list " + paths.annotations(), failure);
        }
    }

    /** VOC's image lists of a single class have a flag after the name. */
    private static String imageName(String line) {
        String path = ImageFolder.withoutEnding(line.replaceFirst("\\s+-?[01]$", ""));
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static ClassNames namesIn(List<VocFile> files) {
        TreeSet<String> names = new TreeSet<>();
        files.forEach(file -> file.objects().forEach(object -> names.add(object.name())));
        return new ClassNames(List.copyOf(names));
    }

    private static AnnotatedImage annotated(VocFile file, ClassNames classes, ImageFolder folder) {
        Path byName = folder.resolve(file.stem());
        Path image = Files.exists(byName) || file.imageName().isEmpty() ? byName : folder.resolve(file.imageName());
        List<LabeledBox> boxes = new ArrayList<>();
        List<Finding> findings = new ArrayList<>();
        for (VocFile.Thing object : file.objects()) {
            OptionalInt classId = classes.idOf(object.name());
            if (classId.isEmpty()) {
                findings.add(new Finding(image.toString(), Reason.UNKNOWN_CLASS, object.name()));
            } else {
                boxes.add(new LabeledBox(object.box(), classId.getAsInt(), object.difficult()));
            }
        }
        file.malformed().forEach(what -> findings.add(new Finding(image.toString(), Reason.MALFORMED_BOX, what)));
        return new AnnotatedImage(
                file.stem(), image, file.width(), file.height(), AnnotatedImage.Unit.PIXELS, boxes, findings);
    }
}
