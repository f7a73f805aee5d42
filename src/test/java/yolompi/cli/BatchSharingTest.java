package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import yolompi.checkpoint.Checkpoint;
import yolompi.checkpoint.Safetensors;
import yolompi.checkpoint.TensorBytes;
import yolompi.data.PackedShapes;
import yolompi.model.Network;
import yolompi.model.darknet.ArchitectureReader;
import yolompi.ranks.RankLauncher;
import yolompi.ranks.RankOutcome;
import yolompi.recipe.RecipeFile;
import yolompi.torch.LoadLibTorch;

/** Two ranks that share each batch, in training and in benchmarks. */
@Tag("mpi")
@ExtendWith(LoadLibTorch.class)
class BatchSharingTest {
    @TempDir
    private static Path folder;

    private static Path recipe;

    @BeforeAll
    static void drawShapes() {
        recipe = PackedShapes.in(folder, 9, 1).recipe("sharing", """
                train.epochs = 1
                train.batch = 5
                data.size = 64
                data.shuffle_window = 4
                """);
    }

    @Test
    void microBatchThatLeavesARankWithoutImagesIsRefused() {
        RankOutcome outcome = run("check", recipe.toString(), "--set", "train.micro_batch=1");
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.output(0))
                .contains("train.micro_batch = 1 splits train.batch = 5 into 3 pieces", "at least 2", "such as 6");
    }

    @Test
    void ranksTrainFromWeightsWithMicroBatchesAndWindows() throws IOException {
        Path weights = folder.resolve("it's \\ weights.safetensors");
        Network network = new Network(ArchitectureReader.read(PackedShapes.SLIM_TINY, List.of(), 80), 9);
        Safetensors.write(
                weights,
                new Checkpoint(
                        Map.of(),
                        network.parameters().stream()
                                .map(parameter -> TensorBytes.copyOf(parameter.name(), parameter.tensor()))
                                .toList()));
        String run = folder.resolve("run").toString();
        RankOutcome outcome = run(
                "train",
                recipe.toString(),
                "--run-dir",
                run,
                "--weights",
                weights.toString(),
                "--set",
                "train.micro_batch=2",
                "--set",
                "data.shuffle=window");
        assertThat(outcome.exitCode())
                .as(outcome.launcherOutput() + outcome.outputs())
                .isZero();
        assertThat(folder.resolve("run/checkpoints/last.safetensors")).exists();
        assertThat(RecipeFile.read(folder.resolve("run/recipe.toml"), List.of())
                        .model()
                        .weights())
                .isEqualTo(weights.toString());
        assertThat(Files.readString(folder.resolve("run/train.log")))
                .contains("weights from " + weights + ": ", "layers 15, 22, different shape in the file");
    }

    @Test
    void inspectDrawsTheImagesOfAllRanks() {
        Path out = folder.resolve("step.png");
        RankOutcome outcome = run("inspect", recipe.toString(), "--step", "2", "--out", out.toString());
        assertThat(outcome.exitCode()).as(outcome.outputs().toString()).isZero();
        assertThat(outcome.output(0)).contains("step 2: 5 images at 64 px, ");
        assertThat(out).exists();
    }

    @Test
    void autoBatchFitsMicroBatchToTheMemoryOfARank() {
        RankOutcome outcome = run("check", recipe.toString(), "--auto-batch", "--set", "model.sync_batch_norm=true");
        assertThat(outcome.exitCode())
                .as(outcome.launcherOutput() + outcome.outputs())
                .isZero();
        assertThat(outcome.output(0))
                .contains("auto-batch: 3 images at once need about ", "measured with 1, 2, 3")
                .contains("auto-batch: train.micro_batch = 3; the global batch stays at 5 images, in 1 micro-batch");
    }

    @Test
    void benchDdpMeasuresJointAndSeparateTraining() {
        RankOutcome outcome = run(
                "bench",
                "ddp",
                recipe.toString(),
                "--set",
                "train.batch=4",
                "--set",
                "train.micro_batch=4", // more than a rank's share
                "--blocks",
                "2",
                "--steps",
                "2");
        assertThat(outcome.exitCode())
                .as(outcome.launcherOutput() + outcome.outputs())
                .isZero();
        assertThat(speed(outcome.output(0), "lockstep"))
                .isPositive()
                .isLessThanOrEqualTo(1.01 * speed(outcome.output(0), "separate"));
        assertThat(speed(outcome.output(0), "together")).isPositive();
        assertThat(outcome.output(0)).contains("gloo", " ms exposed communication (", " of separate", " of lockstep");
    }

    private static double speed(String output, String of) {
        return output.lines()
                .filter(line -> line.startsWith(of + " "))
                .mapToDouble(line -> Double.parseDouble(line.split(" +", -1)[1]))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void benchDdpRefusesUnequalShares() {
        RankOutcome outcome = run("bench", "ddp", recipe.toString());
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.output(0)).contains("found 2 ranks and train.batch = 5", "a multiple of their number");
    }

    @Test
    void benchLoaderMeasuresBothOrdersWithWarmAndColdCache() {
        RankOutcome outcome = run("bench", "loader", recipe.toString(), "--steps", "1", "--rounds", "1", "--cold");
        assertThat(outcome.exitCode())
                .as(outcome.launcherOutput() + outcome.outputs())
                .isZero();
        List<String[]> rows = outcome.output(0)
                .lines()
                .map(line -> line.split("\\s+"))
                .filter(words -> words[0].equals("full") || words[0].equals("window"))
                .toList();
        assertThat(rows)
                .extracting(words -> words[0] + " " + words[1])
                .containsExactly("full warm", "window warm", "full cold", "window cold");
        assertThat(rows)
                .allSatisfy(words -> assertThat(Double.parseDouble(words[2])).isPositive());
        assertThat(outcome.output(0)).contains("9 images in 1 shards; 1 steps of 5 images at 64 px, 2 loader threads");
    }

    private static RankOutcome run(String... arguments) {
        return RankLauncher.ofMain(Main.class).ranks(2).run(arguments);
    }
}
