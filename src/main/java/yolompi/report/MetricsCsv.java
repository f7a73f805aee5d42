package yolompi.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The history of a run as a table: a header, then a row for each interval of steps and for each epoch, {@link MetricsRow}. */
public final class MetricsCsv implements AutoCloseable {
    private final StepTable table;

    private MetricsCsv(StepTable table) {
        this.table = table;
    }

    /**
     * Begins the table of a new run.
     *
     * @throws yolompi.InputException when the file exists
     */
    public static MetricsCsv create(Path file) throws IOException {
        return new MetricsCsv(StepTable.create(file, MetricsRow.header()));
    }

    /**
     * Goes on with the table of a run that resumes: rows beyond {@code lastStep} are dropped, as those steps run again. Begins a new table
     * where there is none.
     *
     * @param lastStep the last step whose result the run keeps
     * @param epochsEnded rows of later epochs are dropped, too: their evaluation runs again
     * @throws yolompi.InputException when the file is no such table
     */
    public static MetricsCsv resume(Path file, long lastStep, int epochsEnded) throws IOException {
        return new MetricsCsv(StepTable.resume(
                file,
                MetricsRow.header(),
                lastStep,
                row -> !row[0].equals("epoch") || Integer.parseInt(row[1]) <= epochsEnded));
    }

    /** Appends a row. */
    public void write(MetricsRow row) throws IOException {
        table.write(List.of(row.line()));
    }

    @Override
    public void close() throws IOException {
        table.close();
    }
}
