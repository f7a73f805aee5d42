package yolompi.report.page;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import yolompi.report.image.Chart;
import yolompi.report.image.ChartPicture;
import yolompi.report.image.Picture;
import yolompi.report.metrics.RankHistory;
import yolompi.report.metrics.RunFacts;
import yolompi.report.metrics.RunHistory;

/** Writes the charts of a run as PNG files, for papers and slides. */
public final class ChartFiles {
    /** Subfolder of the run folder. */
    public static final String FOLDER = "charts";

    private ChartFiles() {}

    /**
     * Writes or replaces all charts.
     *
     * @return the number of charts
     * @throws yolompi.InputException if the folder is not a run folder
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
