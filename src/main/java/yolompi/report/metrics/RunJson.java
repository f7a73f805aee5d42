package yolompi.report.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import yolompi.InputException;
import yolompi.io.AtomicFile;

/** Reads and writes records as JSON files of a run folder. Ignores unknown members. */
public final class RunJson {
    private static final ObjectMapper JSON =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private RunJson() {}

    /** Writes or replaces a file atomically. */
    static void write(Path file, Object value) throws IOException {
        ObjectWriter writer = JSON.writerWithDefaultPrettyPrinter();
        byte[] text = writer.writeValueAsBytes(value);
        AtomicFile.write(file, out -> out.write(text));
    }

    /**
     * Reads a file; empty if the file is missing or has 0 bytes, as after a power failure.
     *
     * @param wrong error message for a file with other contents: {@code is not an evaluation}
     * @throws InputException if the file has other contents
     */
    public static <T> Optional<T> read(Path file, Class<T> type, String wrong) throws IOException {
        if (!Files.exists(file) || Files.size(file) == 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(file.toFile(), type));
        } catch (JsonProcessingException e) {
            throw new InputException(file + ": " + wrong + ": " + e.getOriginalMessage(), e);
        }
    }
}
