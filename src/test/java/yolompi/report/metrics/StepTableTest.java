package yolompi.report.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.InputException;

final class StepTableTest {
    private static final String HEADER = "kind,epoch,step,time_s,loss,loss_box,loss_object,loss_class,"
            + "learning_rate,images_per_s,data_wait,val_loss,map50,map5095,skipped_steps";

    private Path file;

    @BeforeEach
    void chooseFile(@TempDir Path folder) {
        file = folder.resolve("metrics.csv");
    }

    @Test
    void missingValuesAreBlank() throws IOException {
        try (StepTable<MetricsRow> csv = StepTable.createMetrics(file)) {
            csv.write(MetricsRow.ofStep(1, 20)
                    .with(Metric.LOSS, 1.5)
                    .with(Metric.LEARNING_RATE, 0.00001)
                    .with(Metric.SKIPPED_STEPS, 0));
            csv.write(MetricsRow.ofEpoch(1, 25).with(Metric.MAP50, 1 / 3.0));
        }
        assertThat(file).hasContent(HEADER + "\nstep,1,20,,1.5,,,,0.00001,,,,,,0\nepoch,1,25,,,,,,,,,,0.33333333,,\n");
    }

    @Test
    void rowIsOnDiskWhenWriteReturns() throws IOException {
        try (StepTable<MetricsRow> csv = StepTable.createMetrics(file)) {
            csv.write(MetricsRow.ofStep(1, 20).with(Metric.LOSS, Double.NaN));
            assertThat(Files.readAllLines(file)).containsExactly(HEADER, "step,1,20,,NaN,,,,,,,,,,");
        }
    }

    @Test
    void resumingDropsTheRowsOfRepeatedSteps() throws IOException {
        try (StepTable<MetricsRow> csv = StepTable.createMetrics(file)) {
            csv.write(MetricsRow.ofStep(1, 20));
            csv.write(MetricsRow.ofEpoch(1, 25));
            csv.write(MetricsRow.ofStep(2, 40));
        }
        try (StepTable<MetricsRow> csv = StepTable.resumeMetrics(file, 25, 1)) {
            csv.write(MetricsRow.ofStep(2, 30));
        }
        assertThat(Files.readAllLines(file))
                .containsExactly(HEADER, "step,1,20,,,,,,,,,,,,", "epoch,1,25,,,,,,,,,,,,", "step,2,30,,,,,,,,,,,,");
    }

    @Test
    void resumingDropsTheRowOfARepeatedEvaluation() throws IOException {
        try (StepTable<MetricsRow> csv = StepTable.createMetrics(file)) {
            csv.write(MetricsRow.ofStep(1, 25));
            csv.write(MetricsRow.ofEpoch(1, 25));
        }
        StepTable.resumeMetrics(file, 25, 0).close();
        assertThat(Files.readAllLines(file)).containsExactly(HEADER, "step,1,25,,,,,,,,,,,,");
    }

    @Test
    void resumingDropsATruncatedRow() throws IOException {
        try (StepTable<MetricsRow> csv = StepTable.createMetrics(file)) {
            csv.write(MetricsRow.ofStep(1, 20));
        }
        Files.writeString(file, "step,1,2", StandardOpenOption.APPEND);
        StepTable.resumeMetrics(file, 40, 2).close();
        assertThat(Files.readAllLines(file)).containsExactly(HEADER, "step,1,20,,,,,,,,,,,,");
    }

    @Test
    void resumingWithoutAFileCreatesATable() throws IOException {
        StepTable.resumeMetrics(file, 40, 2).close();
        assertThat(Files.readAllLines(file)).containsExactly(HEADER);
    }

    @Test
    void resumingWithAnEmptyFileCreatesATable() throws IOException {
        Files.createFile(file);
        StepTable.resumeMetrics(file, 40, 2).close();
        assertThat(Files.readAllLines(file)).containsExactly(HEADER);
    }

    @Test
    void existingTableIsNotReplaced() throws IOException {
        StepTable.createMetrics(file).close();
        assertThatThrownBy(() -> StepTable.createMetrics(file).close())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("metrics.csv exists");
    }

    @Test
    void tableWithOtherColumnsIsNotResumed() throws IOException {
        Files.writeString(file, "a,b\n1,2\n");
        assertThatThrownBy(() -> StepTable.resumeMetrics(file, 40, 2).close())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("metrics.csv, line 1: found \"a,b\", expected \"kind,epoch,step,");
        Files.writeString(file, HEADER + "\nrubbish\n");
        assertThatThrownBy(() -> StepTable.resumeMetrics(file, 40, 2).close())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("row \"rubbish\" has no step");
    }

    @Test
    void eachRankHasARowAndRepeatedStepsAreDropped() throws IOException {
        Path ranks = file.resolveSibling("ranks.csv");
        try (StepTable<RankTime> csv = StepTable.openRanks(ranks, 0)) {
            csv.write(List.of(time(10, 0), time(10, 1)));
            csv.write(List.of(time(20, 0), time(20, 1)));
        }
        try (StepTable<RankTime> csv = StepTable.openRanks(ranks, 15)) {
            csv.write(List.of(time(20, 0)));
        }
        assertThat(Files.readAllLines(ranks))
                .containsExactly(
                        "step,rank,host,step_ms,data_wait_ms,communication_ms",
                        "10,0,node07,120.500,3.000,40.000",
                        "10,1,node07,120.500,3.000,40.000",
                        "20,0,node07,120.500,3.000,40.000");
    }

    private static RankTime time(long step, int rank) {
        return new RankTime(step, rank, "node07", "rank " + rank, 120.5, 3, 40);
    }
}
