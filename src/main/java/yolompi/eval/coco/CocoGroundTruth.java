package yolompi.eval.coco;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import yolompi.InputException;
import yolompi.eval.metric.CocoBox;
import yolompi.eval.metric.CocoId;
import yolompi.eval.metric.DetectionSet.Category;
import yolompi.eval.metric.GroundTruthBox;

/**
 * Ground truth from a file of COCO's instance annotations:
 *
 * <pre>
 * {"images": [{"id"}], "categories": [{"id", "name"}],
 *  "annotations": [{"id", "image_id", "category_id", "bbox", "area",
 *                   "iscrowd", "ignore", "difficult"}]}
 * </pre>
 *
 * <p>Only listed images and categories count. A missing {@code area} is the area of the box. A
 * missing flag is 0. COCO's protocol does not use {@code ignore}, as in pycocotools; for VOC's
 * protocol it has the same meaning as {@code difficult}.
 */
final class CocoGroundTruth {
    private record Annotation(
            String image,
            String category,
            CocoBox box,
            double area,
            boolean crowd,
            boolean difficult,
            boolean idZero) {}

    private static final Set<String> IMAGE_FIELDS = Set.of("id");
    private static final Set<String> CATEGORY_FIELDS = Set.of("id", "name");
    private static final Set<String> ANNOTATION_FIELDS =
            Set.of("id", "image_id", "category_id", "bbox", "area", "iscrowd", "ignore", "difficult");

    private final Map<String, CocoId> images = new HashMap<>();
    private final Map<String, Category> categories = new HashMap<>();
    private final List<Annotation> annotations = new ArrayList<>();
    private final Set<String> annotationIds = new HashSet<>();

    private CocoGroundTruth() {}

    /**
     * Reads a file.
     *
     * @throws InputException if the file is malformed, or if two annotations have the same id
     */
    static CocoGroundTruth read(Path file) throws IOException {
        CocoGroundTruth truth = new CocoGroundTruth();
        Set<String> lists = new HashSet<>();
        JsonCursor.read(
                file,
                json -> json.fields("the file", field -> {
                    lists.add(field);
                    switch (field) {
                        case "images" -> readList(json, field, "image", IMAGE_FIELDS, truth::addImage);
                        case "categories" -> readList(json, field, "category", CATEGORY_FIELDS, truth::addCategory);
                        case "annotations" ->
                            readList(
                                    json,
                                    field,
                                    "annotation",
                                    ANNOTATION_FIELDS,
                                    item -> truth.addAnnotation(item, json));
                        default -> json.skip();
                    }
                }));
        for (String list : List.of("images", "categories", "annotations")) {
            if (!lists.contains(list)) {
                throw new InputException(file + ": found no list '" + list
                        + "', expected COCO's lists 'images', 'categories' and 'annotations'");
            }
        }
        return truth;
    }

    /** The ids of the images in the order of pycocotools. */
    List<CocoId> images() {
        return images.values().stream().sorted(CocoId.ORDER).toList();
    }

    /** The categories sorted by id. */
    List<Category> categories() {
        return categories.values().stream()
                .sorted((one, other) -> CocoId.ORDER.compare(one.id(), other.id()))
                .toList();
    }

    /** The boxes of the images and categories that have an index, in file order. */
    List<GroundTruthBox> boxes(Map<String, Integer> imageIndices, Map<String, Integer> categoryIndices) {
        List<GroundTruthBox> boxes = new ArrayList<>();
        for (Annotation annotation : annotations) {
            Integer image = imageIndices.get(annotation.image);
            Integer category = categoryIndices.get(annotation.category);
            if (image != null && category != null) {
                boxes.add(new GroundTruthBox(
                        image,
                        category,
                        annotation.box,
                        annotation.area,
                        annotation.crowd,
                        annotation.difficult,
                        annotation.idZero));
            }
        }
        return boxes;
    }

    int annotationCount() {
        return annotations.size();
    }

    private static void readList(
            JsonCursor json, String list, String element, Set<String> requested, Consumer<CocoItem> add)
            throws IOException {
        CocoItem item = new CocoItem(json, requested);
        json.elements(list, element, () -> {
            item.read();
            add.accept(item);
        });
    }

    private void addImage(CocoItem item) {
        CocoId id = item.id("id");
        images.putIfAbsent(id.text(), id);
    }

    private void addCategory(CocoItem item) {
        CocoId id = item.id("id");
        categories.put(id.text(), new Category(id, item.name().orElse(id.text())));
    }

    private void addAnnotation(CocoItem item, JsonCursor json) {
        if (item.has("id") && !annotationIds.add(item.id("id").text())) {
            throw json.error("found the annotation id %s a second time; expected unique ids"
                    .formatted(item.id("id").text()));
        }
        annotations.add(new Annotation(
                item.id("image_id").text(),
                item.id("category_id").text(),
                item.box(),
                item.number("area", item.box().area()),
                item.flag("iscrowd"),
                item.flag("difficult") || item.flag("ignore"),
                item.isZero("id")));
    }
}
