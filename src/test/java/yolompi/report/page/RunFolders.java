package yolompi.report.page;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import yolompi.report.metrics.Metric;
import yolompi.report.metrics.MetricsRow;
import yolompi.report.metrics.RankTime;
import yolompi.report.metrics.RunFacts;
import yolompi.report.metrics.StepTable;

/** Creates run folders for tests with the program's own writers. */
public final class RunFolders {
    static final int IMAGES = 40;
    static final int BATCH = 4;

    private RunFolders() {}

    /**
     * Two epochs of ten steps on two ranks. The loss falls from 2 by 0.1 per step. The second
     * evaluation is better than the first.
     */
    public static Path make(Path folder, List<String> classes, double best) throws IOException {
        Files.createDirectories(folder);
        try (StepTable<MetricsRow> metrics = StepTable.createMetrics(folder.resolve("metrics.csv"));
                StepTable<RankTime> ranks = StepTable.openRanks(folder.resolve("ranks.csv"), 0)) {
            for (int step = 2; step <= 20; step += 2) {
                metrics.write(MetricsRow.ofStep((step - 1) / 10 + 1, step)
                        .with(Metric.LOSS, 2 - 0.1 * step)
                        .with(Metric.TIME_S, step * 30.0)
                        .with(Metric.IMAGES_PER_S, 5)
                        .with(Metric.DATA_WAIT, 0.25)
                        .with(Metric.SKIPPED_STEPS, 0));
                ranks.write(List.of(
                        new RankTime(step, 0, "node01", "rank 0", 100, 1, 20),
                        new RankTime(step, 1, "node02", "rank 1", 100, 1, 5)));
                if (step % 10 == 0) {
                    double map50 = step == 20 ? best : best / 2;
                    metrics.write(MetricsRow.ofEpoch(step / 10, step)
                            .with(Metric.LOSS, 1)
                            .with(Metric.MAP50, map50)
                            .with(Metric.MAP5095, map50 / 2));
                }
            }
        }
        facts(classes).write(folder);
        return folder;
    }

    static RunFacts facts(List<String> classes) {
        RunFacts.Attempt attempt = new RunFacts.Attempt(
                "2026-01-02T03:04:05Z", 0, 2, "node01", 8, "fp32 on the CPU", Map.of("Java", "17"));
        return new RunFacts("yolov3-tiny", 8_000_000, 5.5, 416, IMAGES, 10, classes, BATCH, 2, List.of(attempt), "");
    }
}
