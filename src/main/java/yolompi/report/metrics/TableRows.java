package yolompi.report.metrics;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import yolompi.InputException;

/** Reads a table of a run row by row, as long runs on many ranks have millions of rows. */
final class TableRows<T> {
    private final Path file;
    private final BiFunction<List<String>, String, T> parse;
    private final Consumer<T> taker;

    private List<String> columns = List.of();
    private int lines;

    private TableRows(Path file, BiFunction<List<String>, String, T> parse, Consumer<T> taker) {
        this.file = file;
        this.parse = parse;
        this.taker = taker;
    }

    /**
     * Passes each row to {@code taker}. A missing file has no rows. A last line without line break,
     * which is still being written, is skipped.
     *
     * @param parse creates a row from the column names and its line
     * @throws InputException if a row is malformed; the message names it
     */
    static <T> void read(Path file, BiFunction<List<String>, String, T> parse, Consumer<T> taker) {
        if (Files.exists(file)) {
            new TableRows<>(file, parse, taker).read();
        }
    }

    private void read() {
        try (Reader in = Files.newBufferedReader(file)) {
            StringBuilder line = new StringBuilder();
            for (int character = in.read(); character >= 0; character = in.read()) {
                if (character == '\n') {
                    take(line.toString());
                    line.setLength(0);
                } else {
                    line.append((char) character);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private void take(String line) {
        lines++;
        if (lines == 1) {
            columns = List.of(line.split(",", -1));
            return;
        }
        try {
            taker.accept(parse.apply(columns, line));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new InputException(
                    "%s, line %d: malformed row \"%s\" (%s)".formatted(file, lines, line, e.getMessage()), e);
        }
    }
}
