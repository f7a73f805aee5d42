package yolompi.pack.annotation;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import yolompi.InputException;
import yolompi.data.image.ImageFolder;
import yolompi.geometry.Box;
import yolompi.geometry.LabeledBox;
import yolompi.pack.annotation.Annotations.AnnotatedImage;

/**
 * Reads COCO instance annotations: one JSON file with images, annotations ({@code bbox}: x, y,
 * width, height) and categories. The classes are those of the names file, otherwise all categories
 * in the order of their ids. Category ids are kept. {@code iscrowd} boxes are marked as ignored.
 */
final class CocoAnnotations {
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Document(List<Image> images, List<Annotation> annotations, List<Category> categories) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Image(long id, @JsonProperty("file_name") String fileName, int width, int height) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Annotation(
            @JsonProperty("image_id") long imageId,
            @JsonProperty("category_id") int categoryId,
            float[] bbox,
            int iscrowd) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Category(int id, String name) {}

    private final Path file;
    private final Document document;
    private final ClassNames classes;
    private final Map<Integer, Integer> classIds = new HashMap<>();
    private final List<Integer> categoryIds = new ArrayList<>();
    private final List<PackIssue> strays = new ArrayList<>();

    private CocoAnnotations(SourcePaths paths) {
        file = paths.annotations();
        document = parse(file);
        List<Category> categories = document.categories.stream()
                .sorted(Comparator.comparingInt(Category::id))
                .toList();
        classes = paths.givenNames()
                .orElseGet(() ->
                        new ClassNames(categories.stream().map(Category::name).toList()));
        for (String name : classes.names()) {
            int categoryId = categories.stream()
                    .filter(category -> category.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new InputException("%s: found no category '%s', which --names lists; it has %s"
                            .formatted(
                                    file,
                                    name,
                                    categories.stream().map(Category::name).toList())))
                    .id();
            classIds.put(categoryId, categoryIds.size());
            categoryIds.add(categoryId);
        }
    }

    static Annotations read(SourcePaths paths) {
        paths.requireAnnotationFile("the COCO JSON file");
        return new CocoAnnotations(paths).annotations(paths);
    }

    private Annotations annotations(SourcePaths paths) {
        Map<Long, List<Annotation>> byImage = new HashMap<>();
        document.annotations.forEach(
                annotation -> byImage.computeIfAbsent(annotation.imageId(), id -> new ArrayList<>())
                        .add(annotation));
        List<AnnotatedImage> images = new ArrayList<>();
        Split split = new Split(paths);
        for (Image image : document.images) {
            Path path = paths.images().resolve(image.fileName());
            List<Annotation> its = byImage.getOrDefault(image.id(), List.of());
            byImage.remove(image.id());
            if (split.takes(image, path)) {
                images.add(annotated(image, path, its));
            }
        }
        byImage.forEach((id, its) -> strays.add(new PackIssue(
                file.toString(),
                PackIssue.Kind.MALFORMED_BOX,
                its.size() + " boxes of image " + id + ", which is not in 'images'")));
        strays.sort(Comparator.comparing(PackIssue::detail));
        return new Annotations(classes, categoryIds, images, strays);
    }

    private AnnotatedImage annotated(Image image, Path path, List<Annotation> annotations) {
        List<LabeledBox> boxes = new ArrayList<>();
        List<PackIssue> issues = new ArrayList<>();
        for (Annotation annotation : annotations) {
            Integer classId = classIds.get(annotation.categoryId());
            float[] bbox = annotation.bbox();
            if (classId == null) {
                issues.add(new PackIssue(
                        path.toString(), PackIssue.Kind.UNKNOWN_CLASS, "category " + annotation.categoryId()));
            } else if (bbox == null || bbox.length != 4) {
                issues.add(new PackIssue(
                        path.toString(), PackIssue.Kind.MALFORMED_BOX, "bbox does not have four numbers"));
            } else {
                Box box = new Box(bbox[0], bbox[1], bbox[0] + bbox[2], bbox[1] + bbox[3]);
                boxes.add(new LabeledBox(box, classId, annotation.iscrowd() != 0));
            }
        }
        return new AnnotatedImage(
                Long.toString(image.id()),
                path,
                image.width(),
                image.height(),
                AnnotatedImage.Unit.PIXELS,
                boxes,
                issues);
    }

    private static Document parse(Path file) {
        try {
            Document document = JsonMapper.builder().build().readValue(file.toFile(), Document.class);
            if (document.images == null || document.annotations == null || document.categories == null) {
                throw new InputException(
                        file + ": expected the COCO lists 'images', 'annotations' and 'categories', but not all exist");
            }
            return document;
        } catch (JsonProcessingException malformed) {
            throw new InputException(
                    "%s%s: not valid COCO JSON: %s".formatted(file, place(malformed), malformed.getOriginalMessage()),
                    malformed);
        } catch (IOException failure) {
            throw new UncheckedIOException(file + " cannot be read", failure);
        }
    }

    private static String place(JsonProcessingException malformed) {
        return malformed.getLocation() == null
                ? ""
                : ", line " + malformed.getLocation().getLineNr();
    }

    /** The images that a split file lists by id, file name or path. */
    private static final class Split {
        private final boolean all;
        private final Set<String> entries = new HashSet<>();
        private final Set<Path> files = new HashSet<>();

        Split(SourcePaths paths) {
            all = paths.split().isEmpty();
            if (!all) {
                ImageFolder folder = new ImageFolder(paths.images());
                for (String entry : AnnotationText.lines(paths.split().get())) {
                    entries.add(entry);
                    files.add(folder.resolve(entry));
                }
            }
        }

        boolean takes(Image image, Path path) {
            return all
                    || entries.contains(Long.toString(image.id()))
                    || entries.contains(image.fileName())
                    || files.contains(path);
        }
    }
}
