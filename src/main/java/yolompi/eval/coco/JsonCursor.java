package yolompi.eval.coco;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import yolompi.InputException;
import yolompi.eval.metric.CocoBox;
import yolompi.eval.metric.CocoId;

/** Reads one JSON file as a stream. Errors name the file, the line and the element. */
final class JsonCursor implements Closeable {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .build();

    /** Reads a value from its first token, where the cursor is, to its last token. */
    @FunctionalInterface
    interface Reader {
        void read() throws IOException;
    }

    /** Reads the value of a field from its first token, where the cursor is, to its last token. */
    @FunctionalInterface
    interface FieldReader {
        void read(String field) throws IOException;
    }

    private final Path file;
    private final JsonParser parser;
    private String place = "";

    private JsonCursor(Path file, JsonParser parser) {
        this.file = file;
        this.parser = parser;
    }

    /**
     * Reads a whole file.
     *
     * @throws InputException if the file is not JSON, or if {@code reader} rejects its contents
     */
    static void read(Path file, ReaderOfFile reader) throws IOException {
        try (JsonCursor cursor = new JsonCursor(file, JSON.createParser(Files.newInputStream(file)))) {
            cursor.parser.nextToken();
            reader.read(cursor);
            if (cursor.parser.nextToken() != null) {
                throw cursor.error("found text after the end, expected one JSON value");
            }
        } catch (JsonProcessingException malformed) {
            throw new InputException(
                    "%s, line %d: not JSON: %s"
                            .formatted(file, malformed.getLocation().getLineNr(), malformed.getOriginalMessage()),
                    malformed);
        }
    }

    /** Reads the value of a file. */
    @FunctionalInterface
    interface ReaderOfFile {
        void read(JsonCursor cursor) throws IOException;
    }

    /**
     * Calls {@code reader} for each array element, which errors call {@code what} and number from
     * 1.
     */
    void elements(String list, String what, Reader reader) throws IOException {
        require(JsonToken.START_ARRAY, list, "a list");
        for (int number = 1; parser.nextToken() != JsonToken.END_ARRAY; number++) {
            place = what + " " + number;
            reader.read();
        }
        place = "";
    }

    /** Calls {@code reader} for each field of an object. */
    void fields(String what, FieldReader reader) throws IOException {
        require(JsonToken.START_OBJECT, what, "an object");
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String field = parser.currentName();
            parser.nextToken();
            reader.read(field);
        }
    }

    /** Skips the value. */
    void skip() throws IOException {
        parser.skipChildren();
    }

    /** A finite number. */
    double number(String field) throws IOException {
        if (!parser.currentToken().isNumeric()) {
            throw unexpected(field, "a number");
        }
        double value = parser.getDoubleValue();
        if (!Double.isFinite(value)) {
            throw unexpected(field, "a finite number");
        }
        return value;
    }

    /** 0, 1, false or true. */
    boolean flag(String field) throws IOException {
        JsonToken token = parser.currentToken();
        if (token.isBoolean()) {
            return token == JsonToken.VALUE_TRUE;
        }
        double value = token.isNumeric() ? parser.getDoubleValue() : -1;
        if (value != 0 && value != 1) {
            throw unexpected(field, "0 or 1");
        }
        return value == 1;
    }

    /** A string. */
    String text(String field) throws IOException {
        require(JsonToken.VALUE_STRING, field, "a string");
        return parser.getText();
    }

    /** A number or a string. */
    CocoId id(String field) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> new CocoId(parser.getText(), true);
            case VALUE_NUMBER_INT -> new CocoId(parser.getText().equals("-0") ? "0" : parser.getText(), false);
            case VALUE_NUMBER_FLOAT -> CocoId.of(number(field));
            default -> throw unexpected(field, "a number or a string");
        };
    }

    /** Four finite numbers: x, y, width, height. */
    CocoBox box(String field) throws IOException {
        require(JsonToken.START_ARRAY, field, "[x, y, width, height]");
        double[] values = new double[4];
        for (int i = 0; i < values.length; i++) {
            if (parser.nextToken() == JsonToken.END_ARRAY) {
                throw error("'%s' has %d numbers, expected x, y, width and height".formatted(field, i));
            }
            values[i] = number(field);
        }
        if (parser.nextToken() != JsonToken.END_ARRAY) {
            throw error("'%s' has more than four numbers, expected x, y, width and height".formatted(field));
        }
        return new CocoBox(values[0], values[1], values[2], values[3]);
    }

    /** An error at the position of the cursor. */
    InputException error(String message) {
        String where = place.isEmpty() ? "" : ", " + place;
        return new InputException("%s, line %d%s: %s"
                .formatted(file, parser.currentTokenLocation().getLineNr(), where, message));
    }

    private void require(JsonToken token, String what, String expected) throws IOException {
        if (parser.currentToken() != token) {
            throw unexpected(what, expected);
        }
    }

    private InputException unexpected(String what, String expected) throws IOException {
        JsonToken token = parser.currentToken();
        String found = token == null
                ? "nothing"
                : switch (token) {
                    case START_OBJECT -> "an object";
                    case START_ARRAY -> "a list";
                    default -> parser.getText();
                };
        return error("found %s, expected %s to be %s".formatted(found, quoted(what), expected));
    }

    private static String quoted(String what) {
        return what.startsWith("the ") ? what : "'" + what + "'";
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
