package yolompi.eval;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.regex.Pattern;
import yolompi.AtomicFile;
import yolompi.detect.Detection;
import yolompi.geometry.Box;

/**
 * Detections in COCO's result format, as pycocotools' {@code loadRes} reads them:
 * {@code [{"image_id": 12, "category_id": 1, "bbox": [x, y, width, height], "score": 0.5}, …]}, in pixels of the upright original image.
 */
public final class CocoResults {
    /** A number as it would be printed, so that "007" stays a name; 18 digits fit in a long. */
    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,17}");

    private CocoResults() {}

    /**
     * Writes or replaces {@code file} at once.
     *
     * @param imageIdOf the image id for an image index; written as a number where it is one, else as a string
     * @param categoryIdOf the category id for a class id
     */
    public static void write(
            Path file, List<ImageResult> results, IntFunction<String> imageIdOf, IntUnaryOperator categoryIdOf)
            throws IOException {
        AtomicFile.write(file, out -> {
            try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
                json.writeStartArray();
                for (ImageResult result : results) {
                    String imageId = imageIdOf.apply(result.imageIndex());
                    for (Detection detection : result.detections()) {
                        writeDetection(json, imageId, categoryIdOf.applyAsInt(detection.classId()), detection);
                    }
                }
                json.writeEndArray();
            }
        });
    }

    private static void writeDetection(JsonGenerator json, String imageId, int categoryId, Detection detection)
            throws IOException {
        json.writeStartObject();
        json.writeFieldName("image_id");
        if (NUMBER.matcher(imageId).matches()) {
            json.writeNumber(Long.parseLong(imageId));
        } else {
            json.writeString(imageId);
        }
        json.writeNumberField("category_id", categoryId);
        Box box = detection.box();
        json.writeArrayFieldStart("bbox");
        for (float value : new float[] {box.x1(), box.y1(), box.width(), box.height()}) {
            json.writeNumber(value);
        }
        json.writeEndArray();
        json.writeNumberField("score", detection.score());
        json.writeEndObject();
    }
}
