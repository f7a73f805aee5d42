package yolompi.report.metrics;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import yolompi.InputException;
import yolompi.io.AtomicFile;

/**
 * A CSV file whose rows belong to steps. Each row is on disk when {@link #write} returns. A row
 * that a crash truncated is dropped when the run resumes.
 */
final class StepTable implements AutoCloseable {
    private static final String STEP = "step";

    private final BufferedWriter writer;

    private StepTable(Path file) throws IOException {
        writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
    }

    /** Creates a table, which must not exist. One column of the header is {@code step}. */
    static StepTable create(Path file, String header) throws IOException {
        if (Files.exists(file)) {
            throw new InputException(
                    file + " exists: two runs would be mixed; choose another run folder, or resume this run");
        }
        rewrite(file, header, List.of());
        return new StepTable(file);
    }

    /**
     * Continues a table without its rows after {@code lastStep}. Creates the table if the file is
     * missing or has 0 bytes, as after a power failure.
     *
     * @param keeps whether a row up to that step stays, given its fields
     */
    static StepTable resume(Path file, String header, long lastStep, Predicate<String[]> keeps) throws IOException {
        rewrite(
                file,
                header,
                Files.exists(file) && Files.size(file) > 0
                        ? rowsUpTo(lastStep, file, header).stream()
                                .filter(row -> keeps.test(row.split(",", -1)))
                                .toList()
                        : List.of());
        return new StepTable(file);
    }

    /** Appends rows. */
    void write(List<String> rows) throws IOException {
        for (String row : rows) {
            writer.write(row + "\n");
        }
        writer.flush();
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }

    private static void rewrite(Path file, String header, List<String> rows) throws IOException {
        String text = String.join(
                        "\n", Stream.concat(Stream.of(header), rows.stream()).toList()) + "\n";
        AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> rowsUpTo(long lastStep, Path file, String header) throws IOException {
        String text = Files.readString(file);
        List<String> whole =
                text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        if (whole.isEmpty() || !whole.get(0).equals(header)) {
            throw new InputException(
                    file + ", line 1: found \"" + whole.stream().findFirst().orElse("") + "\", expected \"" + header
                            + "\"; move the file away to start a new one");
        }
        int column = List.of(header.split(",")).indexOf(STEP);
        return whole.stream()
                .skip(1)
                .filter(row -> stepOf(row, column, file) <= lastStep)
                .toList();
    }

    private static long stepOf(String row, int column, Path file) {
        try {
            return Long.parseLong(row.split(",", -1)[column]);
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new InputException(
                    "%s: row \"%s\" has no step in column %d; remove the row".formatted(file, row, column + 1), e);
        }
    }
}
