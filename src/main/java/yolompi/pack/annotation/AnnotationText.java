package yolompi.pack.annotation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import yolompi.InputException;

/** Reads the text of annotation files: lines and numbers. */
final class AnnotationText {
    private AnnotationText() {}

    /** The non-blank lines, stripped. */
    static List<String> lines(Path file) {
        return allLines(file).stream().filter(line -> !line.isEmpty()).toList();
    }

    /** All lines up to the last non-blank line, stripped. */
    static List<String> allLines(Path file) {
        try (var lines = Files.lines(file, StandardCharsets.UTF_8)) {
            List<String> stripped =
                    lines.map(AnnotationText::withoutMark).map(String::strip).toList();
            int end = stripped.size();
            while (end > 0 && stripped.get(end - 1).isEmpty()) {
                end--;
            }
            return stripped.subList(0, end);
        } catch (NoSuchFileException missing) {
            throw new InputException(file + ": no such file; check the path", missing);
        } catch (IOException | UncheckedIOException failure) {
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

    /**
     * Parses a number.
     *
     * @throws NumberFormatException if the text is not a finite number; names {@code what} and the
     *     text
     */
    static float finite(String text, String what) {
        try {
            float value = Float.parseFloat(text);
            if (Float.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            throw new NumberFormatException("%s is '%s', expected a number".formatted(what, text));
        }
        throw new NumberFormatException("%s is '%s', expected a finite number".formatted(what, text));
    }
}
