package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.data.PackedShapes;
import yolompi.ranks.RankJob;
import yolompi.ranks.RankLauncher;
import yolompi.ranks.RankOutcome;

/** Runs that are killed and resumed, compared with an uninterrupted run. */
@Tag("mpi")
class ResumeTest {
    private static final int BATCH = 3;

    @TempDir
    private static Path folder;

    private static Path recipe;

    /** Two epochs of five steps. The evaluations take long, so most kills happen there. */
    @BeforeAll
    static void drawShapes() {
        recipe = PackedShapes.in(folder, 15, 600).recipe("resume", """
                train.epochs = 2
                train.batch = %d
                data.size = 96
                schedule.warmup_epochs = 0.5
                eval.every_epochs = 1
                report.samples = true
                """.formatted(BATCH));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void killedAndResumedRunEqualsUninterruptedRun(int ranks) throws IOException {
        RunFolder uninterrupted = new RunFolder(folder.resolve("uninterrupted-" + ranks));
        RunFolder killed = new RunFolder(folder.resolve("killed-" + ranks));
        train(ranks, uninterrupted);

        killAfterFirstCheckpoint(ranks, killed);
        assertThat(killed.lastStep()).isEqualTo(5);
        RankOutcome resumed = train(ranks, killed, "--resume");

        assertThat(resumed.output(0)).contains("resuming from ", "step 5");
        assertThat(killed.lastStep()).isEqualTo(10);
        uninterrupted.assertSameWeights(killed);
        assertThat(killed.reportedSteps())
                .isEqualTo(IntStream.rangeClosed(1, 10).boxed().toList());
        assertThat(killed.losses("step")).isEqualTo(uninterrupted.losses("step"));
    }

    @Test
    void recipeChangesAreLoggedAndDamagedCheckpointsAreRefused() throws IOException {
        RunFolder run = new RunFolder(folder.resolve("changed"));
        train(1, run, "--set", "train.epochs=1", "--set", "report.every_steps=3");
        train(
                1,
                run,
                "--resume",
                "--set",
                "optimizer.clip_norm=7.5",
                "--set",
                "eval.fitness=loss",
                "--set",
                "report.every_steps=3");
        assertThat(Files.readString(run.folder().resolve("train.log")))
                .contains("changed since that checkpoint: ")
                .contains("train.epochs = 2 (was 1)", "optimizer.clip_norm = 7.5 (was 0.0)")
                .contains("eval.fitness has changed: from the next evaluation on, a new best checkpoint is chosen, by"
                        + " validation loss");
        assertThat(run.reportedSteps()).as("every third, and the last of each").containsExactly(3, 5, 6, 9, 10);
        assertThat(run.metadata("best_epoch")).isEqualTo("2");
        assertThat(run.metadata("best_fitness")).as("a loss: lower is better").startsWith("-");

        train(
                1,
                run,
                "--resume",
                "--set",
                "train.epochs=3",
                "--set",
                "eval.fitness=loss",
                "--set",
                "data.val=" + folder.resolve("train"));
        assertThat(Files.readString(run.folder().resolve("train.log")))
                .contains("data.val is a different data set than before: from the next evaluation on, a new best");
        assertThat(run.metadata("best_epoch")).isEqualTo("3");

        for (Path checkpoint : checkpoints(run)) {
            byte[] bytes = Files.readAllBytes(checkpoint);
            bytes[bytes.length - 1] ^= 1;
            Files.write(checkpoint, bytes);
        }
        RankOutcome resumed = launcher(2).run(run.trainArguments(recipe, "--resume"));

        assertThat(resumed.exitCode()).isEqualTo(1);
        assertThat(resumed.output(0))
                .contains("none of its checkpoints can be read", "the data are damaged", "; skipped");
        assertThat(checkpoints(run)).isNotEmpty();
    }

    private static List<Path> checkpoints(RunFolder run) throws IOException {
        try (var files = Files.list(run.folder().resolve("checkpoints"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("epoch-"))
                    .toList();
        }
    }

    @Test
    void changedSampleOrderIsRefused() throws IOException {
        RunFolder run = new RunFolder(folder.resolve("order"));
        train(1, run, "--set", "train.epochs=1");
        RankOutcome resumed = launcher(1).run(run.trainArguments(recipe, "--resume", "--set", "data.shuffle=window"));
        assertThat(resumed.exitCode()).isEqualTo(1);
        assertThat(resumed.output(0))
                .contains("its sample order is 'full, 15 samples, seed 1'")
                .contains("give 'windows of 15, 15 samples in 1 shards")
                .contains("choose another --run-dir");
        assertThat(Files.readString(run.folder().resolve("recipe.toml"))).contains("shuffle = \"full\"");
    }

    private static RankOutcome train(int ranks, RunFolder run, String... more) {
        RankOutcome outcome = launcher(ranks).run(run.trainArguments(recipe, more));
        assertThat(outcome.exitCode())
                .as(outcome.launcherOutput() + outcome.outputs())
                .isZero();
        return outcome;
    }

    /**
     * The next checkpoint comes after step 10, and the trace has no room for the lines of ten
     * steps.
     */
    @SuppressWarnings("try") // the open trace holds the run
    private static void killAfterFirstCheckpoint(int ranks, RunFolder run) throws IOException {
        try (HeldTrace trace = HeldTrace.of(run, 0, ranks, 5, BATCH / ranks);
                RankJob job = launcher(ranks).start(run.trainArguments(recipe))) {
            job.awaitOutput(0, "_step-00000005");
        }
    }

    private static RankLauncher launcher(int ranks) {
        return RankLauncher.ofMain(Main.class).ranks(ranks);
    }
}
