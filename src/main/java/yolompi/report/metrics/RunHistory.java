package yolompi.report.metrics;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The contents of a run's {@code metrics.csv} so far.
 *
 * @param steps a row for each interval of steps, in order
 * @param epochs a row for each finished epoch, in order
 */
public record RunHistory(List<MetricsRow> steps, List<MetricsRow> epochs) {
    public RunHistory {
        steps = List.copyOf(steps);
        epochs = List.copyOf(epochs);
    }

    /**
     * Reads the table. A missing table is empty.
     *
     * @throws yolompi.InputException if a row is malformed; the message names it
     */
    public static RunHistory read(Path runFolder) {
        List<MetricsRow> rows = metrics(runFolder);
        return new RunHistory(
                rows.stream().filter(row -> row.kind() == MetricsRow.Kind.STEP).toList(),
                rows.stream().filter(row -> row.kind() == MetricsRow.Kind.EPOCH).toList());
    }

    /** All rows of metrics.csv in file order. */
    public static List<MetricsRow> metrics(Path runFolder) {
        List<MetricsRow> rows = new ArrayList<>();
        TableRows.read(runFolder.resolve("metrics.csv"), MetricsRow::parse, rows::add);
        return rows;
    }
}
