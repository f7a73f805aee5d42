package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.data.PackedShapes;
import yolompi.dist.RankLauncher;
import yolompi.dist.RankOutcome;
import yolompi.train.RunLock;

/** A run folder that a training has taken and not yet written to. */
@Tag("mpi")
class TakenFolderTest {
    @TempDir
    private Path folder;

    @Test
    void aSecondTrainingIsRefusedAndLeavesTheFirstItsLock() throws IOException {
        Path recipe = PackedShapes.in(folder, 3, 3).recipe("taken", "train.batch = 3");
        Path run = Files.createDirectory(folder.resolve("run"));
        try (RunLock first = RunLock.take(run, "n1")) {
            RankOutcome second = RankLauncher.ofMain(Main.class)
                    .ranks(1)
                    .run("train", recipe.toString(), "--run-dir", run.toString());

            assertThat(second.exitCode()).as(second.output(0)).isEqualTo(1);
            assertThat(second.output(0)).contains("is being trained in by the process");
            assertThat(run.resolve(RunLock.FILE)).as("of %s", first).exists();
        }
    }
}
