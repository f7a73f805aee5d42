package yolompi.io;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Records as text, such as ranks send to each other: the fields, separated by tabs. Only the last
 * field may contain tabs.
 */
public final class TextFields {
    private static final String SEPARATOR = "\t";

    private TextFields() {}

    /** Encodes the fields of a record. */
    public static String join(Object... fields) {
        return Stream.of(fields).map(String::valueOf).collect(Collectors.joining(SEPARATOR));
    }

    /**
     * Decodes the fields of a record.
     *
     * @throws IllegalArgumentException if the text has fewer fields than {@code count}
     */
    public static List<String> split(String text, int count) {
        List<String> fields = List.of(text.split(SEPARATOR, count));
        if (fields.size() < count) {
            throw new IllegalArgumentException(
                    "\"%s\" has %d fields, expected %d".formatted(text, fields.size(), count));
        }
        return fields;
    }
}
