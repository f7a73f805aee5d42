package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.checkpoint.Safetensors;
import yolompi.data.PackedShapes;
import yolompi.ranks.RankLauncher;
import yolompi.ranks.RankOutcome;

/** Evaluation gives the same results on any number of ranks. */
@Tag("mpi")
class EvalRanksTest {
    /** Not divisible by any tested number of ranks. */
    private static final int IMAGES = 23;

    @TempDir
    private static Path folder;

    private static PackedShapes shapes;
    private static RankOutcome alone;

    @BeforeAll
    static void trainAndEvaluateOnOneRank() {
        shapes = PackedShapes.in(folder, 20, IMAGES);
        Path recipe = shapes.recipe("short", """
                train.epochs = 1
                train.batch = 4
                train.ema_decay = 0.0
                data.size = 96
                """);
        run(1, "train", recipe.toString(), "--run-dir", folder.resolve("run").toString());
        alone = evaluate(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void resultsDoNotDependOnTheNumberOfRanks(int ranks) throws IOException {
        RankOutcome together = evaluate(ranks);

        assertThat(Files.readString(detections(1))).contains("\"image_id\"").contains("\"score\"");
        assertThat(detections(ranks)).hasSameTextualContentAs(detections(1));
        assertThat(Files.readString(numbers(1))).contains("\"coco\"", "\"confusion\"");
        assertThat(numbers(ranks)).hasSameTextualContentAs(numbers(1));
        assertThat(metrics(together)).isEqualTo(metrics(alone)).contains("(" + IMAGES + " images)");
    }

    @Test
    void maxDetectionsLimitsTheDetectionsOfEachImage() throws IOException {
        evaluate(1, folder.resolve("few.json"), "--max-detections", "1", "--nms", "soft");

        assertThat(new ObjectMapper().readTree(folder.resolve("few.json").toFile()))
                .hasSize(IMAGES);
    }

    private static RankOutcome evaluate(int ranks) {
        return evaluate(ranks, detections(ranks), "--json", numbers(ranks).toString());
    }

    private static RankOutcome evaluate(int ranks, Path detections, String... more) {
        Path weights = folder.resolve("run/checkpoints/last.safetensors");
        Stream<Object> fixed =
                Stream.of("eval", "--weights", weights, "--data", shapes.val(), "--detections", detections);
        return run(
                ranks,
                Stream.concat(fixed, Stream.of(more)).map(Object::toString).toArray(String[]::new));
    }

    private static Path detections(int ranks) {
        return folder.resolve("detections-" + ranks + ".json");
    }

    private static Path numbers(int ranks) {
        return folder.resolve("numbers-" + ranks + ".json");
    }

    private static String metrics(RankOutcome outcome) {
        return outcome.lines(0).stream()
                .filter(line -> line.startsWith("mAP@0.5 "))
                .findFirst()
                .orElse("");
    }

    private static RankOutcome run(int ranks, String... args) {
        RankOutcome outcome = RankLauncher.ofMain(Main.class).ranks(ranks).run(args);
        assertThat(outcome.exitCode())
                .as(outcome.launcherOutput() + outcome.outputs())
                .isZero();
        return outcome;
    }

    @Test
    void checkpointKeepsCategoryIdsOfTheDataSet() {
        assertThat(Safetensors.readMetadata(folder.resolve("run/checkpoints/last.safetensors")))
                .containsEntry("category_ids", "[1, 2, 3, 4]");
    }
}
