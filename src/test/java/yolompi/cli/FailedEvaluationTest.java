package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.checkpoint.CheckpointStore;
import yolompi.data.PackedShapes;
import yolompi.dist.RankLauncher;
import yolompi.dist.RankOutcome;
import yolompi.train.Trainer;

/** An evaluation that fails costs no step: the state is saved before it. */
@Tag("mpi")
class FailedEvaluationTest {
    private static final int TRAIN_IMAGES = 12;

    @TempDir
    private Path folder;

    private Path recipe;

    @Test
    void theRunGoesOnWithTheEvaluationThatFailedAndEndsAsIfItHadNot() throws IOException {
        PackedShapes shapes = PackedShapes.in(folder, TRAIN_IMAGES, 4);
        recipe = shapes.recipe("evaluated", """
                train.epochs = 2
                train.batch = 4
                data.size = 64
                eval.every_epochs = 1
                """);
        RunFolder whole = new RunFolder(folder.resolve("whole"));
        assertThat(train(whole).exitCode()).isZero();

        RunFolder cut = new RunFolder(folder.resolve("cut"));
        shapes.damage(shapes.val(), TRAIN_IMAGES + 2);
        RankOutcome failed = train(cut);
        assertThat(failed.exitCode()).isEqualTo(1);
        assertThat(failed.outputs().toString())
                .contains("after step 3: " + shapes.val().resolve("shard-00000.h5"), "record 2");
        assertThat(new CheckpointStore(Trainer.checkpoints(cut.folder()), 1)
                        .newestValid(System.err::println)
                        .orElseThrow()
                        .state())
                .satisfies(state -> assertThat(state.step()).isEqualTo(3))
                .satisfies(state -> assertThat(state.hasEpochToEnd()).isTrue());

        shapes.damage(shapes.val(), TRAIN_IMAGES + 2);
        RankOutcome resumed = train(cut, "--resume");

        assertThat(resumed.exitCode()).as(resumed.output(0)).isZero();
        assertThat(Files.readString(cut.folder().resolve("train.log")))
                .contains("== 2", ": 2 ranks, rank 0 on ", "from step 0", "failed, ", "after step 3: ", "from step 3")
                .contains("resuming from ", ", step 3");
        whole.assertSameWeights(cut);
        assertThat(cut.losses("epoch")).isEqualTo(whole.losses("epoch")).hasSize(2);
        assertThat(states(cut)).isEqualTo(states(whole));
    }

    @Test
    void aFolderThatHoldsStatesIsNotTakenForANewRun() throws IOException {
        recipe = PackedShapes.in(folder, 4, 1).recipe("again", """
                train.epochs = 1
                train.batch = 4
                data.size = 64
                """);
        RunFolder run = new RunFolder(folder.resolve("run"));
        assertThat(train(run).exitCode()).isZero();
        Files.delete(run.folder().resolve("metrics.csv"));

        RankOutcome again = train(run);

        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.output(0)).contains(run.folder() + " holds a run already; go on with it by --resume");
    }

    private static List<String> states(RunFolder run) throws IOException {
        try (var files = Files.list(Trainer.checkpoints(run.folder()))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private RankOutcome train(RunFolder run, String... more) {
        String[] arguments = {
            "train", recipe.toString(), "--run-dir", run.folder().toString()
        };
        return RankLauncher.ofMain(Main.class)
                .ranks(2)
                .run(Stream.of(arguments, more).flatMap(Stream::of).toArray(String[]::new));
    }
}
