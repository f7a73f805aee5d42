package yolompi.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The charts of a run as PNG files, for papers and slides. */
public final class ChartFiles {
    /** Where they lie in the run folder. */
    public static final String FOLDER = "charts";

    private ChartFiles() {}

    /**
     * Makes or replaces them.
     *
     * @return how many there are
     * @throws yolompi.InputException where the folder holds no run
     */
    public static int write(Path runFolder) throws IOException {
        RunFacts facts = RunFacts.of(runFolder);
        List<Chart> charts = new ArrayList<>(
                new RunCharts(RunHistory.read(runFolder), RankHistory.read(runFolder), facts.stepsPerEpoch()).all());
        EvaluationFacts.read(runFolder).ifPresent(evaluation -> charts.addAll(evaluation.charts()));
        for (Chart chart : charts) {
            Picture.write(ChartPicture.paint(chart), runFolder.resolve(FOLDER).resolve(chart.id() + ".png"));
        }
        return charts.size();
    }
}
