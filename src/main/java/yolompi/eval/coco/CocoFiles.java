package yolompi.eval.coco;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import yolompi.InputException;
import yolompi.eval.metric.CocoId;
import yolompi.eval.metric.DetectedBox;
import yolompi.eval.metric.DetectionSet;
import yolompi.eval.metric.DetectionSet.Category;
import yolompi.eval.metric.GroundTruthBox;

/**
 * Ground truth and detections from files in COCO's formats, read as pycocotools does.
 *
 * @param set the contents, images and categories sorted by id
 * @param notes warnings about skipped or unusual entries
 */
public record CocoFiles(DetectionSet set, List<String> notes) {
    private static final Set<String> DETECTION_FIELDS = Set.of("image_id", "category_id", "bbox", "score");

    /**
     * Reads both files. Detections of a category that the ground truth does not list are skipped,
     * as in pycocotools.
     *
     * @param groundTruth instance annotations
     * @param detections result file:
     *     {@code [{"image_id", "category_id", "bbox": [x, y, width, height], "score"}, …]}
     * @throws InputException if a file is malformed, or if a detection belongs to an image that the
     *     ground truth does not list
     */
    public static CocoFiles read(Path groundTruth, Path detections) throws IOException {
        CocoGroundTruth truth = CocoGroundTruth.read(groundTruth);
        List<Category> categories = truth.categories();
        Map<String, Integer> imageIndices = indices(truth.images());
        Map<String, Integer> categoryIndices =
                indices(categories.stream().map(Category::id).toList());
        List<GroundTruthBox> boxes = truth.boxes(imageIndices, categoryIndices);
        List<DetectedBox> found = new ArrayList<>();
        int[] strays = new int[1];
        JsonCursor.read(detections, json -> {
            CocoItem item = new CocoItem(json, DETECTION_FIELDS);
            json.elements("the file", "detection", () -> {
                item.read();
                int image = image(item, json, imageIndices, groundTruth);
                Integer category = categoryIndices.get(item.id("category_id").text());
                if (category != null) {
                    found.add(new DetectedBox(image, category, item.box(), item.number("score")));
                } else {
                    strays[0]++;
                }
            });
        });
        return new CocoFiles(
                new DetectionSet(categories, imageIndices.size(), boxes, found),
                notes(groundTruth, truth.annotationCount() - boxes.size(), boxes, strays[0]));
    }

    private static int image(CocoItem item, JsonCursor json, Map<String, Integer> imageIndices, Path groundTruth) {
        CocoId id = item.id("image_id");
        Integer image = imageIndices.get(id.text());
        if (image == null) {
            throw json.error(
                    "found the image id %s, which %s does not list; expected both files to be of the same images"
                            .formatted(id.text(), groundTruth));
        }
        return image;
    }

    private static List<String> notes(Path groundTruth, int strayTruth, List<GroundTruthBox> boxes, int strayFound) {
        List<String> notes = new ArrayList<>();
        if (strayTruth > 0) {
            notes.add("%d annotations of images or categories that %s does not list are skipped"
                    .formatted(strayTruth, groundTruth));
        }
        if (strayFound > 0) {
            notes.add(
                    "%d detections of categories that %s does not list are skipped".formatted(strayFound, groundTruth));
        }
        if (boxes.stream().anyMatch(GroundTruthBox::idZero)) {
            notes.add(("%s has an annotation with the id 0: as in pycocotools, its match is a false positive;"
                            + " use ids from 1")
                    .formatted(groundTruth));
        }
        return notes;
    }

    private static Map<String, Integer> indices(List<CocoId> ids) {
        Map<String, Integer> indices = new HashMap<>();
        ids.forEach(id -> indices.put(id.text(), indices.size()));
        return indices;
    }
}
