package yolompi.report.metrics;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes ranks.csv, the step times of all ranks: a header, then a {@link RankTime} of each rank for
 * each interval of steps.
 */
public final class RanksCsv implements AutoCloseable {
    private final StepTable table;

    private RanksCsv(StepTable table) {
        this.table = table;
    }

    /**
     * Creates or continues the table. Rows after {@code lastStep} are dropped, as these steps are
     * repeated.
     *
     * @throws yolompi.InputException if the file has other contents
     */
    public static RanksCsv open(Path file, long lastStep) throws IOException {
        return new RanksCsv(StepTable.resume(file, RankTime.header(), lastStep, row -> true));
    }

    /** Appends a row for each rank. */
    public void write(List<RankTime> times) throws IOException {
        table.write(times.stream().map(RankTime::line).toList());
    }

    @Override
    public void close() throws IOException {
        table.close();
    }
}
