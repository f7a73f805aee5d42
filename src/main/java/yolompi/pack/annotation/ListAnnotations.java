package yolompi.pack.annotation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import yolompi.InputException;
import yolompi.data.image.ImageFolder;
import yolompi.geometry.Box;
import yolompi.geometry.LabeledBox;
import yolompi.pack.annotation.Annotations.AnnotatedImage;

/**
 * Reads a list with one line per image: {@code path x1,y1,x2,y2,class …}. The path is relative to
 * the image folder and may contain spaces; corners are in pixels; the class is a name or a number
 * from 0. Without a names file the classes are the sorted names of the list. Class numbers require
 * a names file.
 */
final class ListAnnotations {
    /** White space before a box, which may be malformed. */
    private static final Pattern BOX_START = Pattern.compile("\\s+(?=[-+.\\deE]+,[^\\s,]*,[^\\s,]*,)");

    private record Line(String path, List<String> boxes) {}

    private ListAnnotations() {}

    static Annotations read(SourcePaths paths) {
        paths.requireAnnotationFile("a list with one image per line");
        List<String> text = AnnotationText.lines(paths.annotations());
        if (!text.isEmpty() && (text.get(0).startsWith("{") || text.get(0).startsWith("<"))) {
            throw new InputException(paths.annotations()
                    + ": found JSON or XML, expected one line per image: path x1,y1,x2,y2,class …; check --format");
        }
        List<Line> lines = text.stream().map(ListAnnotations::parse).toList();
        ClassNames classes = paths.givenNames().orElseGet(() -> namesIn(lines, paths.annotations()));
        ImageFolder folder = new ImageFolder(paths.images());
        Set<Path> requested = new HashSet<>();
        paths.split()
                .ifPresent(split -> AnnotationText.lines(split).forEach(entry -> requested.add(folder.resolve(entry))));
        List<AnnotatedImage> images = lines.stream()
                .filter(line -> paths.split().isEmpty() || requested.contains(folder.resolve(line.path())))
                .map(line -> annotated(line, classes, folder))
                .toList();
        return Annotations.numberedFromOne(classes, images, List.of());
    }

    private static Line parse(String line) {
        Matcher start = BOX_START.matcher(line);
        return start.find()
                ? new Line(
                        line.substring(0, start.start()),
                        Arrays.asList(line.substring(start.end()).split("\\s+", -1)))
                : new Line(line, List.of());
    }

    private static ClassNames namesIn(List<Line> lines, Path file) {
        TreeSet<String> names = new TreeSet<>();
        lines.forEach(line -> line.boxes().forEach(box -> names.add(box.substring(box.lastIndexOf(',') + 1))));
        if (!names.isEmpty() && names.stream().allMatch(name -> name.matches("\\d+"))) {
            throw new InputException(file + ": classes are numbers; give --names with one class name per line");
        }
        return new ClassNames(List.copyOf(names));
    }

    private static AnnotatedImage annotated(Line line, ClassNames classes, ImageFolder folder) {
        Path image = folder.resolve(line.path());
        List<LabeledBox> boxes = new ArrayList<>();
        List<PackIssue> issues = new ArrayList<>();
        for (String text : line.boxes()) {
            String[] fields = text.split(",", -1);
            try {
                Box box = box(fields);
                OptionalInt classId = classId(fields[4], classes);
                if (classId.isPresent()) {
                    boxes.add(new LabeledBox(box, classId.getAsInt(), false));
                } else {
                    issues.add(new PackIssue(image.toString(), PackIssue.Kind.UNKNOWN_CLASS, fields[4]));
                }
            } catch (NumberFormatException malformed) {
                issues.add(new PackIssue(image.toString(), PackIssue.Kind.MALFORMED_BOX, malformed.getMessage()));
            }
        }
        return new AnnotatedImage(folder.stem(image), image, 0, 0, AnnotatedImage.Unit.PIXELS, boxes, issues);
    }

    private static Box box(String[] fields) {
        if (fields.length != 5) {
            throw new NumberFormatException("'%s', expected x1,y1,x2,y2,class".formatted(String.join(",", fields)));
        }
        return new Box(
                AnnotationText.finite(fields[0], "x1"),
                AnnotationText.finite(fields[1], "y1"),
                AnnotationText.finite(fields[2], "x2"),
                AnnotationText.finite(fields[3], "y2"));
    }

    private static OptionalInt classId(String text, ClassNames classes) {
        OptionalInt byName = classes.idOf(text);
        if (byName.isPresent() || !text.matches("\\d{1,6}")) {
            return byName;
        }
        int number = Integer.parseInt(text);
        return classes.hasId(number) ? OptionalInt.of(number) : OptionalInt.empty();
    }
}
