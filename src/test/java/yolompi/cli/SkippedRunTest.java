package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.data.PackedShapes;
import yolompi.ranks.RankLauncher;
import yolompi.ranks.RankOutcome;

/**
 * A training that diverges: after the first step the weights are so large that no loss is finite.
 */
@Tag("mpi")
class SkippedRunTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"false", "true"})
    void skippedStepsAreLoggedAndTooManyEndTheRun(String synced) throws IOException {
        Path recipe = PackedShapes.in(folder, 10, 3).recipe("away", """
                train.epochs = 9
                train.batch = 3
                data.size = 64
                optimizer.max_skipped = 5
                checkpoint.last_every_epochs = 1
                """);
        Path run = folder.resolve("run");
        RankOutcome outcome = RankLauncher.ofMain(Main.class)
                .ranks(2)
                .run(
                        "train",
                        recipe.toString(),
                        "--run-dir",
                        run.toString(),
                        "--set",
                        "model.sync_batch_norm=" + synced,
                        "--set",
                        "optimizer.learning_rate=1e30",
                        "--set",
                        "report.every_steps=2");

        assertThat(outcome.exitCode()).as(outcome.output(0)).isEqualTo(1);
        assertThat(outcome.output(0).lines().filter(line -> line.startsWith("yolo-mpi: ")))
                .singleElement()
                .asString()
                .contains("not finite in 5 steps in a row", "images ");
        assertThat(outcome.output(1)).doesNotContain("yolo-mpi: ");
        assertThat(outcome.output(0)).contains("step 4: no checkpoint saved");
        assertThat(run.resolve("checkpoints"))
                .as("states that cannot be trained any further")
                .doesNotExist();
        assertThat(steps(run.resolve("metrics.csv"), "step", 2)).containsExactly("2", "4", "6");
        assertThat(steps(run.resolve("ranks.csv"), "", 0)).containsExactly("2", "2", "4", "4", "6", "6");
    }

    private static List<String> steps(Path table, String kind, int column) throws IOException {
        return Files.readAllLines(table).stream()
                .skip(1)
                .filter(line -> line.startsWith(kind))
                .map(line -> line.split(",", -1)[column])
                .toList();
    }
}
