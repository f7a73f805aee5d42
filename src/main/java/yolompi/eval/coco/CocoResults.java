package yolompi.eval.coco;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.regex.Pattern;
import yolompi.detect.Detection;
import yolompi.eval.metric.ImageResult;
import yolompi.geometry.Box;
import yolompi.io.AtomicFile;

/**
 * Writes detections in COCO's result format, which pycocotools' {@code loadRes} reads, in pixels of
 * the upright original image:
 *
 * <pre>
 * [{"image_id": 12, "category_id": 1, "bbox": [x, y, width, height], "score": 0.5}, …]
 * </pre>
 *
 * <p>{@code "file_name"} is added if it is known. COCO's tools ignore it.
 */
public final class CocoResults {
    /** An integer without leading zeros, so that "007" stays a string; 18 digits fit in a long. */
    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,17}");

    private CocoResults() {}

    /**
     * The identity of an image in the file.
     *
     * @param id written as a number if it is one, otherwise as a string
     */
    public record Image(String id, Optional<String> fileName) {
        /** An image without a known file name. */
        public static Image of(String id) {
            return new Image(id, Optional.empty());
        }
    }

    /**
     * Writes or replaces {@code file} atomically.
     *
     * @param imageOf the image for an image index
     * @param categoryIdOf the category id for a class id
     */
    public static void write(
            Path file, List<ImageResult> results, IntFunction<Image> imageOf, IntUnaryOperator categoryIdOf)
            throws IOException {
        AtomicFile.write(file, out -> {
            try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
                json.writeStartArray();
                for (ImageResult result : results) {
                    Image image = imageOf.apply(result.imageIndex());
                    for (Detection detection : result.detections()) {
                        writeDetection(json, image, categoryIdOf.applyAsInt(detection.classId()), detection);
                    }
                }
                json.writeEndArray();
            }
        });
    }

    private static void writeDetection(JsonGenerator json, Image image, int categoryId, Detection detection)
            throws IOException {
        json.writeStartObject();
        json.writeFieldName("image_id");
        if (NUMBER.matcher(image.id()).matches()) {
            json.writeNumber(Long.parseLong(image.id()));
        } else {
            json.writeString(image.id());
        }
        if (image.fileName().isPresent()) {
            json.writeStringField("file_name", image.fileName().get());
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
