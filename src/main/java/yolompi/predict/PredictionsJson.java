package yolompi.predict;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import yolompi.geometry.Box;
import yolompi.io.AtomicFile;
import yolompi.report.image.PredictedBox;

/**
 * Writes predictions as JSON, in pixels of the upright original image:
 *
 * <pre>
 * [{"file": "a.jpg", "width": 640, "height": 480,
 *   "boxes": [{"class": 0, "name": "RBC", "score": 0.9, "box": [x1, y1, x2, y2]}]}]
 * </pre>
 *
 * <p>A video frame also has its index, from 0, as {@code "frame"}.
 */
public final class PredictionsJson {
    private PredictionsJson() {}

    /** Writes or replaces {@code file} atomically. */
    public static void write(Path file, List<PredictedImage> images) throws IOException {
        AtomicFile.write(file, out -> {
            try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
                json.setPrettyPrinter(new DefaultPrettyPrinter());
                json.writeStartArray();
                for (PredictedImage image : images) {
                    writeImage(json, image);
                }
                json.writeEndArray();
            }
        });
    }

    private static void writeImage(JsonGenerator json, PredictedImage image) throws IOException {
        json.writeStartObject();
        json.writeStringField("file", image.file());
        if (image.frame().isPresent()) {
            json.writeNumberField("frame", image.frame().getAsInt());
        }
        json.writeNumberField("width", image.width());
        json.writeNumberField("height", image.height());
        json.writeArrayFieldStart("boxes");
        for (PredictedBox predicted : image.boxes()) {
            writeBox(json, predicted);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeBox(JsonGenerator json, PredictedBox predicted) throws IOException {
        json.writeStartObject();
        json.writeNumberField("class", predicted.classId());
        json.writeStringField("name", predicted.name());
        json.writeNumberField("score", predicted.score());
        json.writeArrayFieldStart("box");
        Box box = predicted.box();
        for (float value : new float[] {box.x1(), box.y1(), box.x2(), box.y2()}) {
            json.writeNumber(value);
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
