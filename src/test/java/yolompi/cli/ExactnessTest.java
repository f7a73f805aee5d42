package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import yolompi.data.PackedShapes;
import yolompi.ranks.RankLauncher;
import yolompi.ranks.RankOutcome;

/**
 * Losses do not depend on the number of ranks when batch norm is synchronized; the tolerance is
 * 1e-4.
 */
@Tag("mpi")
class ExactnessTest {
    private static final int STEPS = 50;

    @TempDir
    private static Path folder;

    private static Path recipe;
    private static List<Double> losses;

    @BeforeAll
    static void trainOnOneRank() throws IOException {
        recipe = PackedShapes.in(folder, 400, 3).recipe("exact", """
                model.sync_batch_norm = true
                train.epochs = 1
                train.batch = 8
                data.size = 96
                optimizer.learning_rate = 0.05
                eval.every_epochs = 0
                checkpoint.last_every_epochs = 100
                """);
        losses = losses(1, "auto");
        assertThat(losses).hasSize(STEPS);
        assertThat(losses.get(STEPS - 1)).isLessThan(0.95 * losses.get(0));
    }

    @ParameterizedTest
    @CsvSource({"2, gloo", "4, gloo", "2, mpi"})
    void lossesOfFiftyStepsEqualThoseOfOneRank(int ranks, String backend) throws IOException {
        List<Double> found = losses(ranks, backend);

        assertThat(found).hasSize(STEPS);
        for (int step = 0; step < STEPS; step++) {
            assertThat(found.get(step) / losses.get(step))
                    .as("step %d of %s", step + 1, found)
                    .isCloseTo(1, within(1e-4));
        }
    }

    private static List<Double> losses(int ranks, String backend) throws IOException {
        Path run = folder.resolve(ranks + backend);
        RankOutcome outcome = RankLauncher.ofMain(Main.class)
                .ranks(ranks)
                .run("train", recipe.toString(), "--set", "dist.backend=" + backend, "--run-dir", run.toString());
        assertThat(outcome.exitCode())
                .as(outcome.launcherOutput() + outcome.outputs())
                .isZero();
        return Files.readAllLines(run.resolve("metrics.csv")).stream()
                .filter(line -> line.startsWith("step,"))
                .map(line -> Double.valueOf(line.split(",", -1)[4]))
                .toList();
    }
}
