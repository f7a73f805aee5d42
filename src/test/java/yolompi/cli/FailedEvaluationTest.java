package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.checkpoint.CheckpointStore;
import yolompi.data.PackedShapes;
import yolompi.ranks.RankLauncher;
import yolompi.ranks.RankOutcome;

/** A failed evaluation loses no step: the checkpoint is saved before it. */
@Tag("mpi")
class FailedEvaluationTest {
    private static final int TRAIN_IMAGES = 12;

    @TempDir
    private Path folder;

    private Path recipe;

    @Test
    void runResumedAfterFailedEvaluationEqualsUninterruptedRun() throws IOException {
        PackedShapes shapes = PackedShapes.in(folder, TRAIN_IMAGES, 4);
        recipe = shapes.recipe("evaluated", """
                train.epochs = 2
                train.batch = 4
                data.size = 64
                eval.every_epochs = 1
                """);
        RunFolder uninterrupted = new RunFolder(folder.resolve("uninterrupted"));
        assertThat(train(uninterrupted).exitCode()).isZero();

        RunFolder failing = new RunFolder(folder.resolve("failing"));
        shapes.damage(shapes.val(), TRAIN_IMAGES + 2);
        RankOutcome failed = train(failing);
        assertThat(failed.exitCode()).isEqualTo(1);
        assertThat(failed.outputs().toString())
                .contains("after step 3: " + shapes.val().resolve("shard-00000.h5"), "record 2");
        assertThat(new CheckpointStore(CheckpointStore.folderOf(failing.folder()), 1)
                        .newestValid(System.err::println)
                        .orElseThrow()
                        .state())
                .satisfies(state -> assertThat(state.step()).isEqualTo(3))
                .satisfies(state -> assertThat(state.hasEpochToEnd()).isTrue());

        shapes.damage(shapes.val(), TRAIN_IMAGES + 2);
        RankOutcome resumed = train(failing, "--resume");

        assertThat(resumed.exitCode()).as(resumed.output(0)).isZero();
        assertThat(Files.readString(failing.folder().resolve("train.log")))
                .contains("== 2", ": 2 ranks, rank 0 on ", "from step 0", "failed, ", "after step 3: ", "from step 3")
                .contains("resuming from ", ", step 3");
        uninterrupted.assertSameWeights(failing);
        assertThat(failing.losses("epoch"))
                .isEqualTo(uninterrupted.losses("epoch"))
                .hasSize(2);
        assertThat(checkpoints(failing)).isEqualTo(checkpoints(uninterrupted));
    }

    @Test
    void newRunInAFolderWithCheckpointsIsRefused() throws IOException {
        recipe = PackedShapes.in(folder, 4, 1).recipe("again", PackedShapes.ONE_EPOCH);
        RunFolder run = new RunFolder(folder.resolve("run"));
        assertThat(train(run).exitCode()).isZero();
        Files.delete(run.folder().resolve("metrics.csv"));

        RankOutcome again = train(run);

        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.output(0)).contains(run.folder() + " already holds a run; resume it with --resume");
    }

    private static List<String> checkpoints(RunFolder run) throws IOException {
        try (var files = Files.list(CheckpointStore.folderOf(run.folder()))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private RankOutcome train(RunFolder run, String... more) {
        return RankLauncher.ofMain(Main.class).ranks(2).run(run.trainArguments(recipe, more));
    }
}
