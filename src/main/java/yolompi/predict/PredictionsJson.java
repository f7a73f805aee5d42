package yolompi.predict;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import yolompi.detect.Detection;
import yolompi.geometry.Box;
import yolompi.io.AtomicFile;

/**
 * Writes all predictions to one JSON file, in pixels of the upright original image:
 *
 * <pre>
 * [{"file": "a.jpg", "width": 640, "height": 480,
 *   "boxes": [{"class": 0, "name": "RBC", "score": 0.9, "box": [x1, y1, x2, y2]}]}]
 * </pre>
 *
 * <p>A video frame also has its index, from 0, as {@code "frame"}.
 */
public final class PredictionsJson implements Output {
    private final Path file;
    private final List<String> names;
    private final List<Image> images = new ArrayList<>();

    /**
     * The part of an image or video frame to keep; the frame itself may hold its bytes.
     *
     * @param file path of the input
     * @param frame index of the video frame, from 0; empty for an image
     */
    record Image(String file, OptionalInt frame, int width, int height, List<Detection> found) {}

    /**
     * Creates a file without predictions.
     *
     * @param names class names
     */
    public PredictionsJson(Path file, List<String> names) {
        this.file = file;
        this.names = names;
    }

    @Override
    public void add(SeenFrame seen, List<Detection> found) {
        Frame frame = seen.frame();
        add(new Image(
                frame.input().path().toString(),
                frame.number(),
                seen.image().width(),
                seen.image().height(),
                found));
    }

    void add(Image image) {
        images.add(image);
    }

    /** Writes or replaces the file atomically. */
    @Override
    public void finish() throws IOException {
        AtomicFile.write(file, out -> {
            try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
                json.setPrettyPrinter(new DefaultPrettyPrinter());
                json.writeStartArray();
                for (Image image : images) {
                    writeImage(json, image);
                }
                json.writeEndArray();
            }
        });
    }

    private void writeImage(JsonGenerator json, Image image) throws IOException {
        json.writeStartObject();
        json.writeStringField("file", image.file());
        if (image.frame().isPresent()) {
            json.writeNumberField("frame", image.frame().getAsInt());
        }
        json.writeNumberField("width", image.width());
        json.writeNumberField("height", image.height());
        json.writeArrayFieldStart("boxes");
        for (Detection detection : image.found()) {
            writeBox(json, detection);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void writeBox(JsonGenerator json, Detection detection) throws IOException {
        json.writeStartObject();
        json.writeNumberField("class", detection.classId());
        json.writeStringField("name", names.get(detection.classId()));
        json.writeNumberField("score", detection.score());
        json.writeArrayFieldStart("box");
        Box box = detection.box();
        for (float value : new float[] {box.x1(), box.y1(), box.x2(), box.y2()}) {
            json.writeNumber(value);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    @Override
    public String title() {
        return "all boxes in " + file;
    }
}
