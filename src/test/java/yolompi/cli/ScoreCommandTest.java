package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScoreCommandTest {
    private static final Offset<Double> ROUNDING = within(1e-12);

    /** The metrics that pycocotools 2.0.11 computes from these files. */
    private static final double[] PYCOCOTOOLS = {
        0.7158415841584158, 0.8316831683168316, 0.8316831683168316,
        0.8999999999999999, 0.35346534653465334, 0.8999999999999999,
        0.6, 0.7166666666666667, 0.7166666666666667,
        0.9, 0.35, 0.9
    };

    @TempDir
    private Path folder;

    private String errors = "";
    private String printed = "";
    private Path groundTruth;
    private Path detections;

    @BeforeEach
    void copyFiles() throws IOException {
        groundTruth = copy("ground-truth.json");
        detections = copy("detections.json");
    }

    @Test
    void cocoMetricsEqualThoseOfPycocotools() throws IOException {
        JsonNode written = score();

        assertThat(written.get("images").asInt()).isEqualTo(3);
        assertThat(numbers(written.get("coco"))).hasSize(12).containsExactly(PYCOCOTOOLS, ROUNDING);
        JsonNode classes = written.get("perClass");
        assertThat(classes.findValuesAsText("name")).containsExactly("cat", "dog", "bird");
        assertThat(classes.findValuesAsText("id")).containsExactly("1", "2", "5");
        assertThat(classes.findValuesAsText("boxes")).containsExactly("3", "1", "0");
        assertThat(classes.get(0).get("ap").asDouble()).isEqualTo(0.5316831683168317, ROUNDING);
        assertThat(classes.get(2).get("ap").asDouble()).isEqualTo(-1);
        assertThat(written.has("voc")).isFalse();
    }

    @Test
    void jsonHoldsCurvesConfusionMatrixAndErrors() throws IOException {
        JsonNode written = score();

        // True positives at 0.9, 0.85 and 0.8; false positives at 0.6, 0.4, 0.3 and 0.2; four
        // ground-truth boxes.
        assertThat(written.get("best").get("confidence").asDouble()).isEqualTo(0.8);
        assertThat(written.get("best").get("f1").asDouble()).isEqualTo(6 / 7.0, ROUNDING);
        JsonNode curves = written.get("curves");
        assertThat(curves.get("confidence")).hasSize(101);
        assertThat(curves.get("overall").get("precision").get(85).asDouble()).isEqualTo(1);
        assertThat(curves.get("perClass")).hasSize(3);
        assertThat(curves.get("perClass").get(1).get("recall").get(50).asDouble())
                .isEqualTo(1);
        assertThat(written.get("confusion").get("labels")).hasSize(4);
        assertThat(written.get("confusion").get("counts")).hasToString("[[2,0,0,1],[0,1,0,0],[0,0,0,0],[0,0,0,0]]");
        assertThat(written.get("errors").get("missed").get("count").asInt()).isEqualTo(1);
        assertThat(written.get("errors").get("classification").get("apCost").asDouble())
                .isPositive();
    }

    @Test
    void vocMetricsIgnoreDifficultBoxes() throws IOException {
        JsonNode written = score("--protocol", "voc12");

        // Class cat: two boxes count, the first detection matches one; the detection of the
        // difficult box is ignored.
        assertThat(written.get("voc").get("protocol").asText()).isEqualTo("voc12");
        assertThat(written.get("perClass").get(0).get("vocAp").asDouble()).isEqualTo(0.5, ROUNDING);
        assertThat(score("--protocol", "voc07")
                        .get("perClass")
                        .get(0)
                        .get("vocAp")
                        .asDouble())
                .isEqualTo(6 / 11.0, ROUNDING);
    }

    @Test
    void tablesArePrinted() {
        assertThat(printed("--protocol", "voc12"))
                .contains("AP        0.7158    AR 1      0.6000")
                .contains("mAP@0.5 0.8317  mAP@0.5:0.95 0.7158  (3 images)")
                .contains("best F1 ")
                .contains("not found")
                .contains("background")
                .contains("right place, wrong class");
        assertThat(printed.lines().filter(line -> line.startsWith("bird")).findFirst())
                .hasValueSatisfying(line -> assertThat(line).contains("–"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"image_id\": 1, | \"image_id\": 1.0,",
                "\"image_id\": 1, | \"image_id\": \"1\",",
                "\"category_id\": 2, | \"category_id\": \"2\","
            })
    void idMayBeANumberOrAString(String id, String otherwise) throws IOException {
        Files.writeString(detections, Files.readString(detections).replace(id, otherwise));

        assertThat(numbers(score().get("coco"))).containsExactly(PYCOCOTOOLS, ROUNDING);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"image_id\": 2, | \"image_id\": 9, | line 6, detection 5: found the image id 9, which",
                "\"score\": 0.85 | \"score\": \"high\" | line 4, detection 3: found high, expected 'score' to be a number",
                "\"score\": 0.85 | \"scores\": 1 | line 4, detection 3: found no 'score'",
                "\"score\": 0.85 | \"score\": NaN | line 4: not JSON: Non-standard token 'NaN'",
                "\"score\": 0.85 | \"score\": 1e999 | expected 'score' to be a finite number",
                "[11, 10, 20, 20] | [11, 10, 20] | line 2, detection 1: 'bbox' has 3 numbers",
                "[11, 10, 20, 20] | [11, 10, 20, 20, 0] | line 2, detection 1: 'bbox' has more than four numbers",
                "\"category_id\": 5 | \"category_id\": null | detection 8: found null, expected 'category_id' to be a number or"
            })
    void invalidDetectionIsNamedWithTheReason(String text, String broken, String message) throws IOException {
        String before = Files.readString(detections);
        Files.writeString(detections, before.replace(text, broken));
        assertThat(before).contains(text);

        assertThat(run()).isEqualTo(1);
        assertThat(errors).startsWith("yolo-mpi: " + detections).contains(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"id\": 3, \"image_id\" | \"id\": 2, \"image_id\" | annotation 3: found the annotation id 2 a second time",
                "\"iscrowd\": 1 | \"iscrowd\": 2 | annotation 4: found 2, expected 'iscrowd' to be 0 or 1",
                "\"categories\" | \"classes\" | found no list 'categories'",
                "\"annotations\": [ | \"annotations\": {}, \"more\": [ | found an object, expected 'annotations' to be a list"
            })
    void invalidGroundTruthIsNamedWithTheReason(String text, String broken, String message) throws IOException {
        String before = Files.readString(groundTruth);
        Files.writeString(groundTruth, before.replace(text, broken));
        assertThat(before).contains(text);

        assertThat(run()).isEqualTo(1);
        assertThat(errors).startsWith("yolo-mpi: " + groundTruth).contains(message);
    }

    @Test
    void truncatedFileIsRefused() throws IOException {
        Files.writeString(detections, "[\n{\"image_id\": 1");
        assertThat(run()).isEqualTo(1);
        assertThat(errors).contains(detections + ", line 2: not JSON: Unexpected end-of-input");
    }

    @Test
    void emptyDetectionsGiveZeroMetrics() throws IOException {
        Files.writeString(detections, "[]");
        JsonNode written = score();
        assertThat(written.get("coco").get(0).asDouble()).isZero();
        assertThat(written.get("best").get("f1").asDouble()).isZero();
        assertThat(written.get("errors").get("missed").get("count").asInt()).isEqualTo(4);
    }

    @Test
    void unknownProtocolIsWrongUsage() {
        assertThat(run("--protocol", "voc10")).isEqualTo(2);
    }

    private JsonNode score(String... more) throws IOException {
        Path out = folder.resolve("scores.json");
        String[] args = new String[more.length + 2];
        System.arraycopy(more, 0, args, 0, more.length);
        args[more.length] = "--json";
        args[more.length + 1] = out.toString();
        assertThat(run(args)).as(errors).isZero();
        return new ObjectMapper().readTree(out.toFile());
    }

    private String printed(String... more) {
        assertThat(run(more)).isZero();
        return printed;
    }

    private int run(String... more) {
        String[] args = new String[more.length + 5];
        args[0] = "score";
        args[1] = "--ground-truth";
        args[2] = groundTruth.toString();
        args[3] = "--detections";
        args[4] = detections.toString();
        System.arraycopy(more, 0, args, 5, more.length);
        CommandRun run = CommandRun.of(List.of(args));
        printed = run.printed();
        errors = run.errors();
        return run.status();
    }

    private Path copy(String name) throws IOException {
        try (var source = ScoreCommandTest.class.getResourceAsStream("score/" + name)) {
            Files.copy(source, folder.resolve(name));
        }
        return folder.resolve(name);
    }

    private static double[] numbers(JsonNode list) {
        double[] numbers = new double[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = list.get(i).asDouble();
        }
        return numbers;
    }
}
