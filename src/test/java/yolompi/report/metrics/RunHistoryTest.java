package yolompi.report.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.InputException;
import yolompi.report.page.ComparePage;
import yolompi.report.page.RunFolders;

class RunHistoryTest {
    @TempDir
    private Path folder;

    @Test
    void onlyCompleteRowsAreRead() throws IOException {
        RunFolders.make(folder, List.of("cat"), 0.8);
        Files.writeString(folder.resolve("metrics.csv"), "step,3,22,66", StandardOpenOption.APPEND);

        RunHistory history = RunHistory.read(folder);

        assertThat(history.steps()).hasSize(10);
        assertThat(history.steps().get(9))
                .isEqualTo(MetricsRow.ofStep(2, 20)
                        .with(Metric.LOSS, 0)
                        .with(Metric.TIME_S, 600)
                        .with(Metric.IMAGES_PER_S, 5)
                        .with(Metric.DATA_WAIT, 0.25)
                        .with(Metric.SKIPPED_STEPS, 0));
        assertThat(history.epochs()).extracting(MetricsRow::epoch).containsExactly(1, 2);
    }

    @Test
    void ranksAreListedSlowestFirst() throws IOException {
        RunFolders.make(folder, List.of("cat"), 0.8);

        List<RankHistory> ranks = RankHistory.read(folder);

        assertThat(ranks).extracting(rank -> rank.steps().length).containsExactly(10, 10);
        assertThat(RankHistory.summaries(ranks))
                .containsExactly(
                        new RankHistory.Summary("rank 1 on node02", 95, 1, 5),
                        new RankHistory.Summary("rank 0 on node01", 80, 1, 20));
    }

    @Test
    void comparingRunsDoesNotReadRankTimes() throws IOException {
        RunFolders.make(folder, List.of("cat"), 0.8);
        Files.writeString(folder.resolve("ranks.csv"), "22,0,node01,fast,0,0\n", StandardOpenOption.APPEND);

        assertThat(ComparePage.Run.read("a", folder, Map.of()).history().steps())
                .hasSize(10);
    }

    @Test
    void folderWithoutTablesHasAnEmptyHistory() {
        assertThat(RunHistory.read(folder).steps()).isEmpty();
    }

    @Test
    void invalidRowIsNamed() throws IOException {
        RunFolders.make(folder, List.of("cat"), 0.8);
        Files.writeString(folder.resolve("ranks.csv"), "22,0,node01,fast,0,0\n", StandardOpenOption.APPEND);

        assertThatThrownBy(() -> RankHistory.read(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("ranks.csv, line 22", "22,0,node01,fast,0,0");
    }
}
