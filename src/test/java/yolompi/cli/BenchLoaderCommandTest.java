package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.data.PackedShapes;

class BenchLoaderCommandTest {
    @TempDir
    private Path folder;

    private Path recipe;

    @BeforeEach
    void pack() throws Exception {
        recipe = PackedShapes.in(folder, 24, 4).recipe("r", "");
    }

    private CommandRun bench(String target) {
        return CommandRun.of(List.of(
                "bench",
                "loader",
                recipe.toString(),
                "--set",
                "train.batch=4",
                "--steps",
                "3",
                "--rounds",
                "1",
                "--target",
                target));
    }

    @Test
    void reachedTargetIsReportedBelowTheTable() {
        CommandRun run = bench("1");
        assertThat(run.status()).as(run.errors()).isZero();
        assertThat(run.printed()).contains("full    warm", "window  warm", "target of 1 images/s, full order, warm: ");
    }

    @Test
    void missedTargetFailsAfterTheTable() {
        CommandRun run = bench("1e9");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.printed()).contains("full    warm", "window  warm");
        assertThat(run.errors()).contains("target of 1000000000 images/s", "0 % reached", "are needed at that speed");
    }

    @Test
    void invalidTargetIsRefusedBeforeMeasuring() {
        CommandRun run = bench("-3");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.errors()).contains("--target -3");
        assertThat(run.printed()).isEmpty();
    }
}
