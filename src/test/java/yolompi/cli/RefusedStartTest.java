package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.data.PackedShapes;
import yolompi.ranks.RankLauncher;
import yolompi.ranks.RankOutcome;
import yolompi.train.RunLock;

/** Errors that end a training before the first step. */
@Tag("mpi")
class RefusedStartTest {
    @TempDir
    private Path folder;

    @Test
    void secondTrainingInTheSameFolderIsRefused() throws IOException {
        Path recipe = PackedShapes.in(folder, 3, 3).recipe("taken", "train.batch = 3");
        Path run = Files.createDirectory(folder.resolve("run"));
        try (RunLock first = RunLock.take(run, "n1")) {
            RankOutcome second = RankLauncher.ofMain(Main.class)
                    .ranks(1)
                    .run("train", recipe.toString(), "--run-dir", run.toString());

            assertThat(second.exitCode()).as(second.output(0)).isEqualTo(1);
            assertThat(second.output(0)).contains("is in use by the process");
            assertThat(run.resolve(RunLock.FILE)).as("of %s", first).exists();
        }
    }

    @Test
    void batchLargerThanTheHeapIsRefused() {
        Path recipe = PackedShapes.in(folder, 30, 3).recipe("large", "train.batch = 30\ndata.size = 1024");

        RankOutcome outcome = RankLauncher.ofMain(Main.class)
                .ranks(1)
                .jvmFlags("-Xmx90m")
                .run(
                        "train",
                        recipe.toString(),
                        "--run-dir",
                        folder.resolve("run").toString());

        assertThat(outcome.exitCode()).as(outcome.output(0)).isEqualTo(1);
        assertThat(outcome.output(0)).contains("yolo-mpi: train.batch: the loader keeps 4 steps of 30 images");
        assertThat(folder.resolve("run")).doesNotExist();
    }

    /** An unset shell variable gives an empty argument. */
    @ParameterizedTest
    @ValueSource(strings = {"--run-dir", "--weights"})
    void emptyFileNamesAreRefused(String option) {
        Path recipe = PackedShapes.in(folder, 3, 3).recipe("empty", "train.batch = 3");

        RankOutcome outcome = RankLauncher.ofMain(Main.class).ranks(1).run("train", recipe.toString(), option, "");

        assertThat(outcome.exitCode()).as(outcome.output(0)).isEqualTo(2);
        assertThat(outcome.output(0)).contains("yolo-mpi: " + option + ": found an empty name");
    }
}
