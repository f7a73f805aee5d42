package yolompi.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code metrics.csv} of a run folder tells so far.
 *
 * @param steps a row for each interval of steps, in their order
 * @param epochs a row for each finished epoch, in their order
 */
public record RunHistory(List<MetricsRow> steps, List<MetricsRow> epochs) {
    public RunHistory {
        steps = List.copyOf(steps);
        epochs = List.copyOf(epochs);
    }

    /**
     * Reads the table; one that is missing is empty.
     *
     * @throws yolompi.InputException where a row is none, naming it
     */
    public static RunHistory read(Path runFolder) {
        List<MetricsRow> rows = metrics(runFolder);
        return new RunHistory(
                rows.stream().filter(row -> row.kind() == MetricsRow.Kind.STEP).toList(),
                rows.stream().filter(row -> row.kind() == MetricsRow.Kind.EPOCH).toList());
    }

    /** The rows of metrics.csv in its order. */
    public static List<MetricsRow> metrics(Path runFolder) {
        List<MetricsRow> rows = new ArrayList<>();
        TableRows.read(runFolder.resolve("metrics.csv"), MetricsRow::parse, rows::add);
        return rows;
    }
}
