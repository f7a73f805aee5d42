package yolompi.report.metrics;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import yolompi.io.AtomicFile;

/**
 * Writes the rows of metrics.csv as JSON Lines, one object a line:
 * {@code {"kind": "step", "epoch": 1, "step": 10, "loss": 3.2}}. Missing values are omitted, NaN
 * and infinite values are null.
 */
public final class JsonLines implements AutoCloseable {
    private static final JsonFactory JSON = new JsonFactory();

    private final OutputStream out;

    private JsonLines(OutputStream out) {
        this.out = out;
    }

    /** Writes or replaces the file, starting with the rows so far. */
    public static JsonLines begin(Path file, List<MetricsRow> rows) throws IOException {
        AtomicFile.write(file, all -> {
            for (MetricsRow row : rows) {
                all.write(line(row));
            }
        });
        return new JsonLines(Files.newOutputStream(file, StandardOpenOption.APPEND));
    }

    /** Appends a row; it is on disk when this returns. */
    public void write(MetricsRow row) throws IOException {
        out.write(line(row));
    }

    private static byte[] line(MetricsRow row) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("kind", row.kind().name().toLowerCase(Locale.ROOT));
            json.writeNumberField("epoch", row.epoch());
            json.writeNumberField("step", row.step());
            for (Metric metric : Metric.values()) {
                if (row.values().containsKey(metric)) {
                    writeNumber(json, metric.column(), row.values().get(metric));
                }
            }
            json.writeEndObject();
        }
        bytes.write('\n');
        return bytes.toByteArray();
    }

    private static void writeNumber(JsonGenerator json, String name, double value) throws IOException {
        if (Double.isFinite(value)) {
            json.writeNumberField(name, value);
        } else {
            json.writeNullField(name);
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
