package yolompi.report.metrics;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes metrics.csv, the history of a run: a header, then a {@link MetricsRow} for each interval
 * of steps and for each epoch.
 */
public final class MetricsCsv implements AutoCloseable {
    private final StepTable table;

    private MetricsCsv(StepTable table) {
        this.table = table;
    }

    /**
     * Creates the table of a new run.
     *
     * @throws yolompi.InputException if the file exists
     */
    public static MetricsCsv create(Path file) throws IOException {
        return new MetricsCsv(StepTable.create(file, MetricsRow.header()));
    }

    /**
     * Continues the table of a resumed run, or creates it if there is none. Rows after
     * {@code lastStep} are dropped, as these steps are repeated.
     *
     * @param lastStep last step of the checkpoint
     * @param epochsEnded rows of later epochs are dropped too, as their evaluation is repeated
     * @throws yolompi.InputException if the file has other contents
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
