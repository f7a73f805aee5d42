package yolompi.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.checkpoint.Checkpoint;
import yolompi.checkpoint.NamedTensor;
import yolompi.checkpoint.Safetensors;
import yolompi.cli.CommandRun;
import yolompi.cli.Main;
import yolompi.data.Sample;
import yolompi.data.shard.ShardSet;
import yolompi.geometry.Box;
import yolompi.ranks.RankLauncher;
import yolompi.ranks.RankOutcome;
import yolompi.torch.LoadLibTorch;

/**
 * Files of an earlier version can still be read; see
 * {@code src/test/resources/yolompi/golden/format-1/README.md}.
 */
@ExtendWith(LoadLibTorch.class)
class OldFilesTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"train", "val", "raw"})
    void shardsHoldTheirImagesAndBoxes(String set) {
        StringBuilder text = new StringBuilder();
        try (ShardSet shards = ShardSet.open(FirstFormat.TRAIN.resolveSibling(set))) {
            text.append("names ").append(shards.names()).append('\n');
            for (int i = 0; i < shards.size(); i++) {
                append(text, shards.read(i));
            }
        }
        new GoldenFile("format-1/" + set + ".txt").assertHoldsForever(text.toString());
    }

    private static void append(StringBuilder text, Sample sample) {
        text.append("%d: %s, %d x %d, %s, CRC-32C %s%n"
                .formatted(
                        sample.index(),
                        sample.imageId(),
                        sample.width(),
                        sample.height(),
                        sample.encoding(),
                        crc32c(ByteBuffer.wrap(sample.image()))));
        sample.boxes().forEach(labeled -> {
            Box box = labeled.box();
            text.append("   class %d, %s, %s, %s, %s%s%n"
                    .formatted(
                            labeled.classId(),
                            box.x1(),
                            box.y1(),
                            box.x2(),
                            box.y2(),
                            labeled.ignored() ? ", ignored" : ""));
        });
    }

    @Test
    void checkpointHoldsItsStateAndTensors() {
        Checkpoint checkpoint = Safetensors.read(FirstFormat.CHECKPOINT);
        Stream<String> metadata =
                checkpoint.metadata().entrySet().stream().map(entry -> entry.getKey() + " = " + entry.getValue());
        Stream<String> tensors = checkpoint.tensors().stream().map(OldFilesTest::describe);

        new GoldenFile("format-1/checkpoint.txt")
                .assertHoldsForever(Stream.concat(metadata, tensors).collect(Collectors.joining("\n", "", "\n")));
    }

    private static String describe(NamedTensor tensor) {
        return "%s %s %s, CRC-32C %s"
                .formatted(tensor.name(), tensor.dtype(), Arrays.toString(tensor.shape()), crc32c(tensor.bytes()));
    }

    private static String crc32c(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return "%08x".formatted(crc.getValue());
    }

    @Test
    void checkpointPredictsTheSameObjects() throws IOException {
        Path image = folder.resolve("image.jpg");
        try (ShardSet shards = ShardSet.open(FirstFormat.TRAIN)) {
            Files.write(image, shards.read(3).image());
        }

        CommandRun run = CommandRun.of(List.of(
                "predict",
                "--weights",
                FirstFormat.CHECKPOINT.toString(),
                "--confidence",
                "0.15",
                "--no-pictures",
                "--out",
                folder.resolve("out").toString(),
                image.toString()));

        assertThat(run.status()).as(run.errors()).isZero();
        JsonNode boxes = new ObjectMapper()
                .readTree(folder.resolve("out/predictions.json").toFile())
                .get(0)
                .get("boxes");
        assertThat(boxes).hasSize(2);
        assertBox(boxes.get(0), "triangle", 0.21979, 22.853, 6.223, 33.052, 17.283);
        assertBox(boxes.get(1), "square", 0.16198, 37.175, 44.247, 51.816, 59.85);
    }

    private static void assertBox(JsonNode found, String name, double score, double... corners) {
        assertThat(found.get("name").asText()).isEqualTo(name);
        assertThat(found.get("score").asDouble()).isCloseTo(score, within(1e-4));
        IntStream.range(0, 4)
                .forEach(i -> assertThat(found.get("box").get(i).asDouble()).isCloseTo(corners[i], within(1e-2)));
    }

    /**
     * The rows of the last step and epoch depend on the checkpoint's optimizer state, EMA and loss
     * sums.
     */
    @Tag("mpi")
    @Test
    void trainingResumesWithItsNextStep() throws IOException {
        Path run = copyOfRun();
        List<String> before = Files.readAllLines(run.resolve("metrics.csv"));

        RankOutcome outcome = RankLauncher.ofMain(Main.class)
                .run(
                        "train",
                        FirstFormat.RECIPE.toString(),
                        "--resume",
                        "--run-dir",
                        run.toString(),
                        "--set",
                        "data.train=" + FirstFormat.TRAIN,
                        "--set",
                        "data.val=" + FirstFormat.VAL,
                        "--set",
                        "model.cfg=" + FirstFormat.CFG);

        assertThat(outcome.exitCode())
                .as(outcome.launcherOutput() + outcome.outputs())
                .isZero();
        assertThat(outcome.output(0)).contains("resuming from ", "step 199");
        List<String> after = Files.readAllLines(run.resolve("metrics.csv"));
        assertThat(after).hasSameSizeAs(before);
        for (String column : List.of("loss", "loss_box", "loss_object", "loss_class", "learning_rate", "val_loss")) {
            assertClose(column, before, after, 1e-4);
        }
    }

    private Path copyOfRun() throws IOException {
        Path run = folder.resolve("run");
        Files.createDirectories(run.resolve("checkpoints"));
        try (Stream<Path> files = Files.walk(FirstFormat.RUN)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, run.resolve(FirstFormat.RUN.relativize(file)));
            }
        }
        return run;
    }

    /** Compares a column of the last two rows: that of the last step and that of the last epoch. */
    private static void assertClose(String column, List<String> before, List<String> after, double tolerance) {
        int index = List.of(before.get(0).split(",", -1)).indexOf(column);
        for (int row = before.size() - 2; row < before.size(); row++) {
            String expected = before.get(row).split(",", -1)[index];
            String found = after.get(row).split(",", -1)[index];
            if (expected.isEmpty()) {
                assertThat(found).as(column).isEmpty();
            } else {
                assertThat(Double.parseDouble(found) / Double.parseDouble(expected))
                        .as("%s in %s", column, after.get(row))
                        .isCloseTo(1, within(tolerance));
            }
        }
    }
}
