package yolompi.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.checkpoint.Checkpoint;
import yolompi.checkpoint.Safetensors;
import yolompi.cli.Main;
import yolompi.ranks.RankLauncher;
import yolompi.ranks.RankOutcome;

/**
 * The files in the run folder of a training. {@link GoldenFile} says how to rewrite the files after
 * an intended change.
 */
@Tag("mpi")
class GoldenRunFolderTest {
    /** Entries of a checkpoint that hold times, losses, or text that other golden files hold. */
    private static final List<String> VARYING = List.of(
            "recipe",
            "cfg",
            "best_fitness",
            "seconds",
            "epoch_losses",
            "window_losses",
            "save_seconds",
            "evaluation_seconds",
            "file");

    @TempDir
    private static Path folder;

    private static Path run;

    @BeforeAll
    static void trainFourSteps() {
        run = folder.resolve("run");
        RankOutcome outcome = train(run, "--set", "train.epochs=2", "--set", "report.json_lines=true");
        assertThat(outcome.exitCode())
                .as(outcome.launcherOutput() + outcome.outputs())
                .isZero();
    }

    private static RankOutcome train(Path runFolder, String... more) {
        Stream<String> words = Stream.of(
                "train",
                FirstFormat.RECIPE.toString(),
                "--run-dir",
                runFolder.toString(),
                "--set",
                "data.train=" + FirstFormat.TRAIN,
                "--set",
                "data.val=" + FirstFormat.VAL,
                "--set",
                "model.cfg=" + FirstFormat.CFG,
                "--set",
                "report.every_steps=2");
        return RankLauncher.ofMain(Main.class)
                .run(Stream.concat(words, Stream.of(more)).toArray(String[]::new));
    }

    @Test
    void recipe() throws IOException {
        new GoldenFile("recipe.toml").assertHolds(Files.readString(run.resolve("recipe.toml")));
    }

    @Test
    void columnsOfTables() throws IOException {
        String metrics = Files.readAllLines(run.resolve("metrics.csv")).get(0);
        String ranks = Files.readAllLines(run.resolve("ranks.csv")).get(0);

        new GoldenFile("columns.txt").assertHolds("metrics.csv: " + metrics + "\nranks.csv: " + ranks + "\n");
    }

    /** All entries, then each tensor with its type and shape. */
    @Test
    void checkpoint() {
        Checkpoint checkpoint = Safetensors.read(run.resolve("checkpoints/last.safetensors"));
        List<String> lines = new ArrayList<>();
        checkpoint.metadata().forEach((key, value) -> lines.add(key + " = " + (VARYING.contains(key) ? "…" : value)));
        checkpoint.tensors().stream()
                .map(tensor -> "%s %s %s".formatted(tensor.name(), tensor.dtype(), Arrays.toString(tensor.shape())))
                .forEach(lines::add);

        new GoldenFile("checkpoint.txt").assertHolds(String.join("\n", lines) + "\n");
    }

    /** Replaces digits by # in file names that contain losses, scores or times. */
    @Test
    void namesOfFiles() throws IOException {
        try (Stream<Path> files = Files.walk(run)) {
            String names = files.filter(file -> !Files.isDirectory(file))
                    .map(file -> run.relativize(file).toString())
                    .map(name -> name.replaceAll("(loss|map50)-[0-9.]*[0-9]", "$1-#"))
                    .map(name -> name.replaceAll("tfevents.*", "tfevents.#"))
                    .sorted()
                    .collect(Collectors.joining("\n", "", "\n"));
            new GoldenFile("run-folder.txt").assertHolds(names);
        }
    }

    @Test
    void trainingThatIsStoppedEndsWithStatus75() {
        RankOutcome outcome = train(folder.resolve("stopped"), "--max-minutes", "0.0001");

        assertThat(outcome.exitCode()).as(outcome.output(0)).isEqualTo(75);
    }
}
