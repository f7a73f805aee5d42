package yolompi.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import yolompi.InputException;

/**
 * What the tables of a run folder tell so far: {@code metrics.csv} and {@code ranks.csv}. A last row that is still being written is left out.
 *
 * @param steps a row for each interval of steps, in their order
 * @param epochs a row for each finished epoch, in their order
 * @param ranks a row for each rank and interval of steps, in the order of steps
 */
public record RunHistory(List<MetricsRow> steps, List<MetricsRow> epochs, List<RankTime> ranks) {
    public RunHistory {
        steps = List.copyOf(steps);
        epochs = List.copyOf(epochs);
        ranks = List.copyOf(ranks);
    }

    /**
     * Reads the tables; one that is missing is empty.
     *
     * @throws InputException where a row is none, naming it
     */
    public static RunHistory read(Path runFolder) {
        List<MetricsRow> rows = metrics(runFolder);
        return new RunHistory(
                rows.stream().filter(row -> row.kind() == MetricsRow.Kind.STEP).toList(),
                rows.stream().filter(row -> row.kind() == MetricsRow.Kind.EPOCH).toList(),
                rows(runFolder.resolve("ranks.csv"), RankTime::parse));
    }

    /** The rows of metrics.csv in its order. */
    public static List<MetricsRow> metrics(Path runFolder) {
        return rows(runFolder.resolve("metrics.csv"), MetricsRow::parse);
    }

    private static <T> List<T> rows(Path file, BiFunction<List<String>, String, T> parse) {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            String text = Files.readString(file);
            List<String> lines =
                    text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
            List<T> rows = new ArrayList<>();
            for (int i = 1; i < lines.size(); i++) {
                rows.add(row(file, i + 1, lines, parse));
            }
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": can't be read: " + e.getMessage(), e);
        }
    }

    private static <T> T row(Path file, int number, List<String> lines, BiFunction<List<String>, String, T> parse) {
        try {
            return parse.apply(List.of(lines.get(0).split(",", -1)), lines.get(number - 1));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new InputException(
                    "%s, line %d: \"%s\" is no row of this table (%s)"
                            .formatted(file, number, lines.get(number - 1), e.getMessage()),
                    e);
        }
    }
}
