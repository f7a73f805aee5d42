package yolompi.report;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import yolompi.AtomicFile;
import yolompi.InputException;

/**
 * The history of a run as a table: a header, then a row for each interval of steps and for each epoch, {@link MetricsRow}. Each row is on disk
 * when {@link #write} returns; one that a crash cut off is dropped when the run resumes.
 */
public final class MetricsCsv implements AutoCloseable {
    private static final int STEP_COLUMN = 2;

    private final BufferedWriter writer;

    private MetricsCsv(Path file) throws IOException {
        writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
    }

    /**
     * Begins the table of a new run.
     *
     * @throws InputException when the file exists
     */
    public static MetricsCsv create(Path file) throws IOException {
        if (Files.exists(file)) {
            throw new InputException(
                    file + " exists: a new run would mix with an old one; choose another run folder or resume");
        }
        rewrite(file, List.of());
        return new MetricsCsv(file);
    }

    /**
     * Goes on with the table of a run that resumes: rows beyond {@code lastStep} are dropped, as those steps run again. Begins a new table
     * where there is none.
     *
     * @param lastStep the last step whose result the run keeps
     * @throws InputException when the file is no such table
     */
    public static MetricsCsv resume(Path file, long lastStep) throws IOException {
        rewrite(file, Files.exists(file) ? rowsUpTo(lastStep, file) : List.of());
        return new MetricsCsv(file);
    }

    /** Appends a row. */
    public void write(MetricsRow row) throws IOException {
        writer.write(row.line() + "\n");
        writer.flush();
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }

    private static void rewrite(Path file, List<String> rows) throws IOException {
        String text = String.join(
                        "\n",
                        Stream.concat(Stream.of(MetricsRow.header()), rows.stream())
                                .toList()) + "\n";
        AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> rowsUpTo(long lastStep, Path file) throws IOException {
        String text = Files.readString(file);
        List<String> whole =
                text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        if (whole.isEmpty() || !whole.get(0).equals(MetricsRow.header())) {
            throw new InputException(
                    file + ", line 1: found \"" + whole.stream().findFirst().orElse("") + "\", expected \""
                            + MetricsRow.header() + "\"; move the file away to begin a new one");
        }
        return whole.stream()
                .skip(1)
                .filter(row -> stepOf(row, file) <= lastStep)
                .toList();
    }

    private static long stepOf(String row, Path file) {
        try {
            return Long.parseLong(row.split(",", -1)[STEP_COLUMN]);
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new InputException(file + ": row \"" + row + "\" has no step in its third column; remove the row", e);
        }
    }
}
