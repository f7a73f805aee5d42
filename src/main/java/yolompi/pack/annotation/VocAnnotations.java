package yolompi.pack.annotation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;
import yolompi.data.image.ImageFolder;
import yolompi.geometry.Box;
import yolompi.geometry.LabeledBox;
import yolompi.pack.annotation.Annotations.AnnotatedImage;

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
        List<PackIssue> issues = new ArrayList<>();
        List<VocFile> files = new ArrayList<>();
        for (Path file : annotationFiles(paths)) {
            try {
                files.add(VocFile.parse(file));
            } catch (VocFile.MalformedException malformed) {
                issues.add(new PackIssue(file.toString(), PackIssue.Kind.BAD_ANNOTATION, malformed.getMessage()));
            }
        }
        ClassNames classes = paths.givenNames().orElseGet(() -> namesIn(files));
        ImageFolder folder = new ImageFolder(paths.images());
        List<AnnotatedImage> images =
                files.stream().map(file -> annotated(file, classes, folder)).toList();
        return Annotations.numberedFromOne(classes, images, issues);
    }

    private static List<Path> annotationFiles(SourcePaths paths) {
        if (paths.split().isPresent()) {
            return AnnotationText.lines(paths.split().get()).stream()
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
        List<PackIssue> issues = new ArrayList<>();
        for (VocFile.Thing object : file.objects()) {
            OptionalInt classId = classes.idOf(object.name());
            if (classId.isEmpty()) {
                issues.add(new PackIssue(image.toString(), PackIssue.Kind.UNKNOWN_CLASS, object.name()));
            } else {
                boxes.add(new LabeledBox(object.box(), classId.getAsInt(), object.difficult()));
            }
        }
        file.malformed()
                .forEach(what -> issues.add(new PackIssue(image.toString(), PackIssue.Kind.MALFORMED_BOX, what)));
        return new AnnotatedImage(
                file.stem(), image, file.width(), file.height(), AnnotatedImage.Unit.PIXELS, boxes, issues);
    }

    /**
     * One Pascal VOC annotation file.
     *
     * @param stem file name without extension
     * @param imageName content of {@code filename}; may be empty
     * @param width declared width, pixels; 0 if absent
     * @param height declared height, pixels; 0 if absent
     * @param malformed descriptions of the objects whose box cannot be read
     */
    private record VocFile(
            String stem, String imageName, int width, int height, List<Thing> objects, List<String> malformed) {
        /** One annotated object. */
        private record Thing(String name, Box box, boolean difficult) {}

        /** Thrown if the file is missing or not a VOC annotation. */
        static final class MalformedException extends Exception {
            MalformedException(String message, Throwable cause) {
                super(message, cause);
            }
        }

        static VocFile parse(Path file) throws MalformedException {
            try (InputStream in = Files.newInputStream(file)) {
                return of(file, builder().parse(in).getDocumentElement());
            } catch (NoSuchFileException missing) {
                throw new MalformedException("no such file", missing);
            } catch (IOException | SAXException | NumberFormatException failure) {
                throw new MalformedException("not readable XML: " + failure.getMessage(), failure);
            }
        }

        private static VocFile of(Path file, Element root) {
            Optional<Element> size = child(root, "size");
            List<Thing> objects = new ArrayList<>();
            List<String> malformed = new ArrayList<>();
            for (Element object : children(root, "object")) {
                String name = text(object, "name");
                try {
                    objects.add(new Thing(
                            name, box(object), text(object, "difficult").equals("1")));
                } catch (NumberFormatException failure) {
                    malformed.add(name + ": " + failure.getMessage());
                }
            }
            String stem = file.getFileName().toString().replaceFirst("\\.xml$", "");
            return new VocFile(
                    stem, text(root, "filename"), edge(size, "width"), edge(size, "height"), objects, malformed);
        }

        private static Box box(Element object) {
            Element corners = child(object, "bndbox").orElseThrow(() -> new NumberFormatException("bndbox is missing"));
            return new Box(
                    coordinate(corners, "xmin"),
                    coordinate(corners, "ymin"),
                    coordinate(corners, "xmax"),
                    coordinate(corners, "ymax"));
        }

        private static float coordinate(Element corners, String name) {
            return AnnotationText.finite(text(corners, name), name);
        }

        private static int edge(Optional<Element> size, String name) {
            String text = size.map(element -> text(element, name)).orElse("");
            return text.isEmpty() ? 0 : Math.round(Float.parseFloat(text));
        }

        private static String text(Element parent, String name) {
            return child(parent, name)
                    .map(element -> element.getTextContent().strip())
                    .orElse("");
        }

        private static Optional<Element> child(Element parent, String name) {
            return children(parent, name).stream().findFirst();
        }

        /** Direct children only: in VOC, parts of persons have boxes of their own. */
        private static List<Element> children(Element parent, String name) {
            List<Element> found = new ArrayList<>();
            for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
                if (node instanceof Element element && element.getTagName().equals(name)) {
                    found.add(element);
                }
            }
            return found;
        }

        private static DocumentBuilder builder() {
            try {
                DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
                // Annotations come from the internet. Without document types no entity can refer to
                // a file or a host.
                factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
                factory.setExpandEntityReferences(false);
                DocumentBuilder builder = factory.newDocumentBuilder();
                builder.setErrorHandler(new DefaultHandler());
                return builder;
            } catch (ParserConfigurationException impossible) {
                throw new IllegalStateException("this JDK's XML parser cannot refuse document types", impossible);
            }
        }
    }
}
