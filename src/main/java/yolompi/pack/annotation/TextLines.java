package yolompi.pack.annotation;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import yolompi.InputException;

/** Reads the lines of a text file. */
final class TextLines {
    private TextLines() {}

    /** The non-blank lines, stripped. */
    static List<String> of(Path file) {
        return all(file).stream().filter(line -> !line.isEmpty()).toList();
    }

    /** All lines up to the last non-blank line, stripped. */
    static List<String> all(Path file) {
        try (var lines = Files.lines(file, StandardCharsets.UTF_8)) {
            List<String> stripped =
                    lines.map(TextLines::withoutMark).map(String::strip).toList();
            int end = stripped.size();
            while (end > 0 && stripped.get(end - 1).isEmpty()) {
                end--;
            }
            return stripped.subList(0, end);
        } catch (NoSuchFileException missing) {
            throw new InputException(file + ": no such file; check the path", missing);
        } catch (IOException | java.io.UncheckedIOException failure) {
            throw new InputException(file + ": cannot be read as UTF-8 text (" + why(failure) + ")", failure);
        }
    }

    /** Windows editors write a byte order mark before the first line. */
    private static String withoutMark(String line) {
        return line.startsWith("\uFEFF") ? line.substring(1) : line;
    }

    private static String why(Exception failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return cause instanceof CharacterCodingException ? "invalid bytes" : String.valueOf(cause.getMessage());
    }
}
