package yolompi.eval.metric;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Random ground truth and detections with all special cases that pycocotools accepts: crowds,
 * ignored boxes, areas at COCO's limits and different from the box area, equal scores, many
 * detections, empty images and classes, boxes with zero or negative width, IoUs at a threshold, ids
 * of every kind and order, an annotation with the id 0, and entries of unlisted images and
 * categories.
 */
public final class RandomCocoCase {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int[] EDGES = {4, 8, 16, 20, 32, 64, 96, 128};

    private final Random random;
    private final IdKind imageIds;
    private final IdKind categoryIds;
    private final int scoreSteps;
    private final List<ObjectNode> annotations = new ArrayList<>();
    private final List<ObjectNode> detections = new ArrayList<>();

    /** How a file writes its ids. */
    private enum IdKind {
        NUMBERS,
        FLOATS,
        FRACTIONS,
        DIGITS,
        NAMES;

        JsonNode truth(int number) {
            return switch (this) {
                case NUMBERS -> IntNode.valueOf(number);
                case FLOATS -> DoubleNode.valueOf(number);
                case FRACTIONS -> DoubleNode.valueOf(number + 0.25);
                case DIGITS -> TextNode.valueOf(Integer.toString(number));
                case NAMES -> TextNode.valueOf(List.of("img_", "IMG ", "ß").get(Math.floorMod(number, 3)) + number);
            };
        }

        /** Python treats 7 and 7.0 as equal, so the files may write them differently. */
        JsonNode found(int number) {
            return this == FLOATS
                    ? IntNode.valueOf(number)
                    : this == NUMBERS ? DoubleNode.valueOf(number) : truth(number);
        }
    }

    public RandomCocoCase(long seed) {
        random = new Random(seed);
        IdKind[] kinds = IdKind.values();
        imageIds = kinds[random.nextInt(kinds.length)];
        categoryIds = kinds[random.nextInt(kinds.length)];
        scoreSteps = random.nextBoolean() ? 5 : 1_000_000;
    }

    /** Writes {@code NAME-gt.json} and {@code NAME-dt.json}. */
    public void write(Path folder, String name) throws IOException {
        int[] images = distinct(1 + random.nextInt(12));
        int[] categories = distinct(1 + random.nextInt(5));
        for (int image : images) {
            fill(image, categories);
        }
        strays(images, categories);
        number(random.nextInt(3));
        ObjectNode truth = NODES.objectNode();
        List<String> lists = new ArrayList<>(List.of("images", "annotations", "categories", "info"));
        Collections.shuffle(lists, random);
        lists.forEach(list -> truth.set(list, list(list, images, categories)));
        ObjectMapper mapper = new ObjectMapper();
        mapper.writeValue(folder.resolve(name + "-gt.json").toFile(), truth);
        mapper.writeValue(folder.resolve(name + "-dt.json").toFile(), detections);
    }

    private JsonNode list(String name, int[] images, int[] categories) {
        ArrayNode list = NODES.arrayNode();
        switch (name) {
            case "images" -> {
                for (int image : images) {
                    list.addObject()
                            .<ObjectNode>set("id", imageIds.truth(image))
                            .put("file_name", image + ".jpg");
                }
            }
            case "categories" -> {
                for (int category : categories) {
                    list.addObject()
                            .<ObjectNode>set("id", categoryIds.truth(category))
                            .put("name", "c" + category);
                }
            }
            case "annotations" -> list.addAll(annotations);
            default -> list.addObject().put("id", "anything").putArray("bbox");
        }
        return list;
    }

    private void fill(int image, int[] categories) {
        List<double[]> boxes = new ArrayList<>();
        List<Integer> classes = new ArrayList<>();
        int truthCount = random.nextInt(4) == 0 ? 0 : random.nextInt(12);
        for (int i = 0; i < truthCount; i++) {
            double[] box =
                    random.nextInt(6) == 0 && !boxes.isEmpty() ? boxes.get(0).clone() : anyBox();
            // The last class has no boxes.
            int category = categories[random.nextInt(Math.max(1, categories.length - 1))];
            boxes.add(box);
            classes.add(category);
            annotations.add(annotation(image, category, box));
        }
        int foundCount = random.nextInt(5) == 0 ? 0 : random.nextInt(random.nextInt(4) == 0 ? 250 : 25);
        for (int i = 0; i < foundCount; i++) {
            boolean near = !boxes.isEmpty() && random.nextInt(3) > 0;
            int like = near ? random.nextInt(boxes.size()) : 0;
            int category =
                    near && random.nextInt(5) > 0 ? classes.get(like) : categories[random.nextInt(categories.length)];
            detection(image, category, near ? moved(boxes.get(like)) : anyBox());
        }
    }

    /**
     * Adds entries of unlisted images and categories, and one detection, as pycocotools fails
     * without any.
     */
    private void strays(int[] images, int[] categories) {
        if (random.nextInt(3) == 0) {
            annotations.add(annotation(7777, categories[0], anyBox()));
            annotations.add(annotation(images[0], 8888, anyBox()));
            detection(images[0], 8888, anyBox());
        }
        detection(images[0], categories[0], anyBox());
    }

    private ObjectNode annotation(int image, int category, double[] box) {
        ObjectNode annotation = NODES.objectNode();
        annotation.set("image_id", imageIds.truth(image));
        annotation.set("category_id", categoryIds.truth(category));
        annotation.set("bbox", node(box));
        double area = box[2] * box[3];
        double[] areas = {area, area, 0.6 * area, 1024, 9216, 1e10, 2e10};
        annotation.put("area", areas[random.nextInt(areas.length)]);
        boolean crowd = random.nextInt(6) == 0;
        annotation.set("iscrowd", random.nextBoolean() ? BooleanNode.valueOf(crowd) : IntNode.valueOf(crowd ? 1 : 0));
        if (random.nextInt(5) == 0) {
            annotation.put("ignore", random.nextInt(2));
        }
        return annotation;
    }

    private void detection(int image, int category, double[] box) {
        ObjectNode detection = NODES.objectNode();
        detection.put("id", 0);
        detection.set("image_id", imageIds.found(image));
        detection.set("category_id", categoryIds.found(category));
        detection.set("bbox", node(box));
        detection.put("score", (random.nextInt(scoreSteps) - (scoreSteps == 5 ? 2 : 0)) / (double) scoreSteps);
        detections.add(detection);
    }

    /** Gives the annotations ids from {@code first}, in random order. */
    private void number(int first) {
        List<Integer> ids = new ArrayList<>(
                IntStream.range(first, first + annotations.size()).boxed().toList());
        Collections.shuffle(ids, random);
        for (int i = 0; i < ids.size(); i++) {
            annotations.get(i).put("id", ids.get(i));
        }
    }

    private double[] anyBox() {
        double width = EDGES[random.nextInt(EDGES.length)] * (random.nextInt(3) == 0 ? random.nextDouble() : 1);
        double height = EDGES[random.nextInt(EDGES.length)];
        if (random.nextInt(25) == 0) {
            width = random.nextBoolean() ? 0 : -width;
        }
        return new double[] {random.nextInt(300), random.nextInt(200) * 0.7, width, height};
    }

    private double[] moved(double[] box) {
        return switch (random.nextInt(4)) {
            case 0 -> box.clone();
            // IoU 0.5, 0.55 … 1 as far as doubles allow
            case 1 -> new double[] {box[0], box[1], box[2] * (10 + random.nextInt(11)) / 20, box[3]};
            default ->
                new double[] {
                    box[0] + random.nextGaussian() * 0.1 * box[2],
                    box[1],
                    box[2],
                    box[3] * (0.7 + 0.6 * random.nextDouble())
                };
        };
    }

    private ArrayNode node(double[] box) {
        ArrayNode node = NODES.arrayNode();
        for (double value : box) {
            if (value == Math.rint(value)) {
                node.add((int) value);
            } else {
                node.add(value);
            }
        }
        return node;
    }

    private int[] distinct(int count) {
        return random.ints(-3, 5000).distinct().limit(count).toArray();
    }
}
