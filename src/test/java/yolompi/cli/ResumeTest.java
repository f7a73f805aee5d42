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
import yolompi.checkpoint.Checkpoint;
import yolompi.checkpoint.NamedTensor;
import yolompi.checkpoint.Safetensors;
import yolompi.data.PackedShapes;
import yolompi.dist.RankJob;
import yolompi.dist.RankLauncher;
import yolompi.dist.RankOutcome;

/** A run that is killed and resumed, beside one that is left alone. */
@Tag("mpi")
class ResumeTest {
    @TempDir
    private static Path folder;

    private static Path recipe;

    /** Two epochs of five steps each, and after each an evaluation that is long enough to kill ranks in. */
    @BeforeAll
    static void drawShapes() {
        recipe = PackedShapes.in(folder, 15, 600).recipe("resume", """
                train.epochs = 2
                train.batch = 3
                data.size = 96
                schedule.warmup_epochs = 0.5
                eval.every_epochs = 1
                """);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void tenStepsEqualFiveStepsAKillANewProcessAndFiveSteps(int ranks) throws IOException {
        Path whole = folder.resolve("whole-" + ranks);
        Path cut = folder.resolve("cut-" + ranks);
        train(ranks, whole);

        killAfterFirstCheckpoint(ranks, cut);
        assertThat(stepOf(last(cut))).isEqualTo("5");
        RankOutcome resumed = train(ranks, cut, "--resume");

        assertThat(resumed.output(0)).contains("resuming from ", "step 5");
        assertThat(stepOf(last(cut))).isEqualTo("10");
        assertBitEqual(last(cut), last(whole));
        assertThat(steps(cut)).isEqualTo(IntStream.rangeClosed(1, 10).boxed().toList());
        assertThat(losses(cut)).isEqualTo(losses(whole));
    }

    @Test
    void whatChangedInTheRecipeIsToldAndARunWhoseCheckpointsAreAllDamagedIsNotBegunAnew() throws IOException {
        Path run = folder.resolve("changed");
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
        assertThat(Files.readString(run.resolve("train.log")))
                .contains("changed since that checkpoint: ")
                .contains("train.epochs = 2 (was 1)", "optimizer.clip_norm = 7.5 (was 0.0)")
                .contains("eval.fitness has changed: the best checkpoint is chosen anew by validation loss");
        assertThat(steps(run)).as("every third, and the last of each").containsExactly(3, 5, 6, 9, 10);
        assertThat(Safetensors.readMetadata(last(run)).get("best_epoch")).isEqualTo("2");
        assertThat(Safetensors.readMetadata(last(run)).get("best_fitness"))
                .as("a loss, the lower the better")
                .startsWith("-");

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
        assertThat(Files.readString(run.resolve("train.log")))
                .contains("data.val is another data set than before: the best checkpoint is chosen anew");
        assertThat(Safetensors.readMetadata(last(run)).get("best_epoch")).isEqualTo("3");

        for (Path state : states(run)) {
            byte[] bytes = Files.readAllBytes(state);
            bytes[bytes.length - 1] ^= 1;
            Files.write(state, bytes);
        }
        RankOutcome resumed = launcher(2).run(arguments(run, "--resume"));

        assertThat(resumed.exitCode()).isEqualTo(1);
        assertThat(resumed.output(0))
                .contains("none of its checkpoints can be read", "the data are damaged", "; passed over");
        assertThat(states(run)).isNotEmpty();
    }

    private static List<Path> states(Path run) throws IOException {
        try (var files = Files.list(run.resolve("checkpoints"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("epoch-"))
                    .toList();
        }
    }

    @Test
    void anotherOrderOfSamplesIsRefusedAndTheFolderStaysAsItWas() throws IOException {
        Path run = folder.resolve("order");
        train(1, run, "--set", "train.epochs=1");
        RankOutcome resumed = launcher(1).run(arguments(run, "--resume", "--set", "data.shuffle=window"));
        assertThat(resumed.exitCode()).isEqualTo(1);
        assertThat(resumed.output(0))
                .contains("its order of samples is 'full, 15 samples, seed 1'")
                .contains("make 'windows of 15, 15 samples in 1 shards")
                .contains("choose another --run-dir");
        assertThat(Files.readString(run.resolve("recipe.toml"))).contains("shuffle = \"full\"");
    }

    private static RankOutcome train(int ranks, Path run, String... more) {
        RankOutcome outcome = launcher(ranks).run(arguments(run, more));
        assertThat(outcome.exitCode())
                .as(outcome.launcherOutput() + outcome.outputs())
                .isZero();
        return outcome;
    }

    private static void killAfterFirstCheckpoint(int ranks, Path run) {
        try (RankJob job = launcher(ranks).start(arguments(run))) {
            job.awaitOutput(0, "_step-00000005");
        }
    }

    private static RankLauncher launcher(int ranks) {
        return RankLauncher.ofMain(Main.class).ranks(ranks);
    }

    private static String[] arguments(Path run, String... more) {
        List<String> arguments =
                new java.util.ArrayList<>(List.of("train", recipe.toString(), "--run-dir", run.toString()));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    private static Path last(Path run) {
        return run.resolve("checkpoints/last.safetensors");
    }

    private static String stepOf(Path checkpoint) {
        return Safetensors.readMetadata(checkpoint).get("step");
    }

    private static void assertBitEqual(Path found, Path expected) {
        Checkpoint one = Safetensors.read(found);
        Checkpoint other = Safetensors.read(expected);
        assertThat(one.tensors()).hasSameSizeAs(other.tensors()).isNotEmpty();
        for (NamedTensor tensor : other.tensors()) {
            assertThat(one.tensor(tensor.name()).orElseThrow().bytes())
                    .as(tensor.name())
                    .isEqualTo(tensor.bytes());
        }
    }

    private static List<Integer> steps(Path run) throws IOException {
        return stepRows(run).stream().map(row -> Integer.valueOf(row[2])).toList();
    }

    private static List<String> losses(Path run) throws IOException {
        return stepRows(run).stream().map(row -> row[4]).toList();
    }

    private static List<String[]> stepRows(Path run) throws IOException {
        return Files.readAllLines(run.resolve("metrics.csv")).stream()
                .filter(line -> line.startsWith("step,"))
                .map(line -> line.split(",", -1))
                .toList();
    }
}
