package yolompi.data;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import yolompi.InputException;

/** The lines of a text file that are not blank, stripped. */
final class TextLines {
    private TextLines() {}

    static List<String> of(Path file) {
        try (var lines = Files.lines(file, StandardCharsets.UTF_8)) {
            return lines.map(TextLines::withoutMark)
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
        } catch (NoSuchFileException missing) {
            throw new InputException(file + ": no such file; check the path", missing);
        } catch (IOException | java.io.UncheckedIOException failure) {
            throw new InputException(file + ": cannot be read as UTF-8 text (" + why(failure) + ")", failure);
        }
    }

    /** Editors on Windows put a byte order mark before the first line. */
    private static String withoutMark(String line) {
        return line.startsWith("\uFEFF") ? line.substring(1) : line;
    }

    private static String why(Exception failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return cause instanceof CharacterCodingException ? "it holds other bytes" : String.valueOf(cause.getMessage());
    }
}
