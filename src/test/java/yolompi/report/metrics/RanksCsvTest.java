package yolompi.report.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RanksCsvTest {
    @Test
    void eachRankHasARowAndRepeatedStepsAreDropped(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("ranks.csv");
        try (RanksCsv csv = RanksCsv.open(file, 0)) {
            csv.write(List.of(time(10, 0), time(10, 1)));
            csv.write(List.of(time(20, 0), time(20, 1)));
        }
        try (RanksCsv csv = RanksCsv.open(file, 15)) {
            csv.write(List.of(time(20, 0)));
        }
        assertThat(Files.readAllLines(file))
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
