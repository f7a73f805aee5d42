package yolompi.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import yolompi.WrongUsageException;
import yolompi.eval.metric.CocoBox;
import yolompi.io.AtomicFile;

/**
 * Generates ground truth and detections for speed benchmarks: random boxes in images of 640 × 480
 * pixels, detections near most of them, and false positives.
 *
 * @param images number of images
 * @param boxes ground-truth boxes per image
 * @param detections per image
 * @param classes number of classes
 * @param seed of the random generator
 */
public record GeneratedDetections(int images, int boxes, int detections, int classes, long seed) {
    public GeneratedDetections {
        if (Math.min(images, classes) < 1 || Math.min(boxes, detections) < 0) {
            throw new WrongUsageException(
                    ("--images %d --boxes %d --detections %d --classes %d: expected at least 1 image and 1 class,"
                                    + " and no negative number")
                            .formatted(images, boxes, detections, classes));
        }
    }

    private record Labeled(CocoBox box, int category) {}

    /** Writes or replaces both files in COCO's formats. */
    public void write(Path groundTruth, Path found) throws IOException {
        JsonFactory factory = new JsonFactory();
        List<List<Labeled>> truth = truth();
        AtomicFile.write(groundTruth, out -> {
            try (JsonGenerator json = factory.createGenerator(out)) {
                writeTruth(json, truth);
            }
        });
        AtomicFile.write(found, out -> {
            try (JsonGenerator json = factory.createGenerator(out)) {
                writeFound(json, truth);
            }
        });
    }

    private List<List<Labeled>> truth() {
        SplittableRandom random = new SplittableRandom(seed);
        List<List<Labeled>> truth = new ArrayList<>();
        for (int image = 0; image < images; image++) {
            List<Labeled> inImage = new ArrayList<>();
            for (int i = 0; i < boxes; i++) {
                inImage.add(anywhere(random));
            }
            truth.add(inImage);
        }
        return truth;
    }

    private Labeled anywhere(SplittableRandom random) {
        double width = 8 + random.nextDouble(200);
        double height = 8 + random.nextDouble(200);
        CocoBox box = new CocoBox(random.nextDouble(640 - width), random.nextDouble(480 - height), width, height);
        return new Labeled(box, random.nextInt(classes));
    }

    private Labeled near(Labeled truth, SplittableRandom random) {
        CocoBox box = truth.box();
        CocoBox moved = new CocoBox(
                box.x() + box.width() * random.nextDouble(-0.15, 0.15),
                box.y() + box.height() * random.nextDouble(-0.15, 0.15),
                box.width() * random.nextDouble(0.85, 1.15),
                box.height() * random.nextDouble(0.85, 1.15));
        return new Labeled(moved, truth.category());
    }

    private void writeTruth(JsonGenerator json, List<List<Labeled>> truth) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("images");
        for (int image = 0; image < images; image++) {
            json.writeStartObject();
            json.writeNumberField("id", image);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("categories");
        for (int category = 0; category < classes; category++) {
            json.writeStartObject();
            json.writeNumberField("id", category);
            json.writeStringField("name", "class " + category);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("annotations");
        for (int image = 0; image < images; image++) {
            for (int i = 0; i < boxes; i++) {
                Labeled labeled = truth.get(image).get(i);
                json.writeStartObject();
                json.writeNumberField("id", (long) image * boxes + i + 1);
                writeBox(json, image, labeled);
                json.writeNumberField("area", labeled.box().area());
                json.writeNumberField("iscrowd", 0);
                json.writeEndObject();
            }
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void writeFound(JsonGenerator json, List<List<Labeled>> truth) throws IOException {
        SplittableRandom random = new SplittableRandom(seed + 1);
        json.writeStartArray();
        for (int image = 0; image < images; image++) {
            for (int i = 0; i < detections; i++) {
                boolean right = i < boxes && random.nextInt(5) > 0;
                json.writeStartObject();
                writeBox(json, image, right ? near(truth.get(image).get(i), random) : anywhere(random));
                double score = random.nextDouble();
                json.writeNumberField("score", right ? Math.sqrt(score) : score * score);
                json.writeEndObject();
            }
        }
        json.writeEndArray();
    }

    private static void writeBox(JsonGenerator json, int image, Labeled labeled) throws IOException {
        json.writeNumberField("image_id", image);
        json.writeNumberField("category_id", labeled.category());
        CocoBox box = labeled.box();
        json.writeFieldName("bbox");
        json.writeArray(new double[] {box.x(), box.y(), box.width(), box.height()}, 0, 4);
    }
}
