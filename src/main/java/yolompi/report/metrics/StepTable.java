package yolompi.report.metrics;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import yolompi.InputException;
import yolompi.io.AtomicFile;

/**
 * Writes a CSV file whose rows belong to steps: metrics.csv, the history of a run, or ranks.csv,
 * the step times of all ranks. Each row is on disk when {@link #write} returns. A row that a crash
 * truncated is dropped when the run resumes.
 *
 * @param <R> a row
 */
public final class StepTable<R> implements AutoCloseable {
    private static final String STEP = "step";

    private final Function<R, String> format;
    private final BufferedWriter writer;

    private StepTable(Path file, Function<R, String> format) throws IOException {
        this.format = format;
        this.writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
    }

    /**
     * Creates metrics.csv of a new run.
     *
     * @throws InputException if the file exists
     */
    public static StepTable<MetricsRow> createMetrics(Path file) throws IOException {
        if (Files.exists(file)) {
            throw new InputException(
                    file + " exists: two runs would be mixed; choose another run folder, or resume this run");
        }
        rewrite(file, MetricsRow.header(), List.of());
        return new StepTable<>(file, MetricsRow::line);
    }

    /**
     * Continues metrics.csv of a resumed run, or creates it if there is none. Rows after
     * {@code lastStep} are dropped, as these steps are repeated.
     *
     * @param lastStep last step of the checkpoint
     * @param epochsEnded rows of later epochs are dropped too, as their evaluation is repeated
     * @throws InputException if the file has other contents
     */
    public static StepTable<MetricsRow> resumeMetrics(Path file, long lastStep, int epochsEnded) throws IOException {
        keepRows(
                file,
                MetricsRow.header(),
                lastStep,
                row -> !row[0].equals("epoch") || Integer.parseInt(row[1]) <= epochsEnded);
        return new StepTable<>(file, MetricsRow::line);
    }

    /**
     * Creates or continues ranks.csv. Rows after {@code lastStep} are dropped, as these steps are
     * repeated.
     *
     * @throws InputException if the file has other contents
     */
    public static StepTable<RankTime> openRanks(Path file, long lastStep) throws IOException {
        keepRows(file, RankTime.header(), lastStep, row -> true);
        return new StepTable<>(file, RankTime::line);
    }

    /** Appends a row. */
    public void write(R row) throws IOException {
        write(List.of(row));
    }

    /** Appends rows. */
    public void write(List<R> rows) throws IOException {
        for (R row : rows) {
            writer.write(format.apply(row) + "\n");
        }
        writer.flush();
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }

    /**
     * Removes the rows after {@code lastStep}. Creates the table if the file is missing or has 0
     * bytes, as after a power failure.
     *
     * @param keeps whether a row up to that step stays, given its fields
     */
    private static void keepRows(Path file, String header, long lastStep, Predicate<String[]> keeps)
            throws IOException {
        rewrite(
                file,
                header,
                Files.exists(file) && Files.size(file) > 0
                        ? rowsUpTo(lastStep, file, header).stream()
                                .filter(row -> keeps.test(row.split(",", -1)))
                                .toList()
                        : List.of());
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
