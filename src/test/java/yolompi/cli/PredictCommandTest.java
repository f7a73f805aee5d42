package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static yolompi.cli.ColoredCells.EDGE;
import static yolompi.cli.ColoredCells.SIZE;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import yolompi.checkpoint.Checkpoint;
import yolompi.checkpoint.Safetensors;
import yolompi.cli.ColoredCells.Square;
import yolompi.torch.LoadLibTorch;

/** The command {@code predict}, with a network whose detections are known. */
@ExtendWith(LoadLibTorch.class)
class PredictCommandTest {
    private static final Square FIRST = new Square(0, 0, EDGE, Color.YELLOW);
    private static final Square SECOND = new Square(3 * EDGE, 2 * EDGE, EDGE, Color.MAGENTA);
    private static final Square BOTH = new Square(EDGE, EDGE, EDGE, Color.WHITE);

    @TempDir
    private Path folder;

    private String errors = "";
    private String printed = "";
    private ColoredCells cells;

    @BeforeEach
    void importNetwork() throws IOException {
        cells = new ColoredCells(folder);
        assertThat(run(cells.importArguments(checkpoint()))).as(errors).isZero();
    }

    @Test
    void detectionsAreDrawnAndWrittenInEachFormat() throws IOException {
        Path image = cells.image( // twice the network's input size
                "in/one.png",
                2 * SIZE,
                SIZE,
                new Square(32, 0, 2 * EDGE, Color.YELLOW),
                new Square(96, 32, 2 * EDGE, Color.MAGENTA));

        assertThat(predict("--crops --yolo --coco", image)).as(errors).isZero();

        assertThat(printed)
                .startsWith("2 boxes in 1 images, ")
                .contains("images/s\nall boxes in " + out("predictions.json") + "; pictures in " + out(""));
        JsonNode boxes = json("predictions.json").get(0).get("boxes");
        assertThat(boxes).hasSize(2);
        assertNumbers(boxes.get(0).get("box"), 32, 0, 64, 32);
        assertThat(boxes.get(0).get("name").asText()).isEqualTo("../first");
        assertNumbers(boxes.get(1).get("box"), 96, 32, 128, 64);
        assertThat(Files.readString(out("labels/one.txt")).lines().map(line -> line.substring(0, 37)))
                .containsExactly("0 0.375000 0.250000 0.250000 0.500000", "1 0.875000 0.750000 0.250000 0.500000");
        JsonNode coco = json("detections.json");
        assertThat(coco).hasSize(2);
        assertThat(coco.get(1).get("image_id").asText()).isEqualTo("one");
        assertThat(coco.get(1).get("file_name").asText()).isEqualTo(image.toString());
        assertThat(coco.get(1).get("category_id").asInt()).isEqualTo(2);
        assertNumbers(coco.get(1).get("bbox"), 96, 32, 32, 32);
        assertSize(out("crops/___first/one-1.jpg"), 32, 32);
        assertSize(out("crops/second/one-2.jpg"), 32, 32);
        assertSize(out("one.jpg"), 128, 64);
    }

    @Test
    void detectionsDoNotDependOnTheBatchSize() throws IOException {
        for (int i = 0; i < 5; i++) {
            cells.image("in/image" + i + ".png", SIZE, SIZE, i % 2 == 0 ? FIRST : SECOND);
        }

        assertThat(predict("--batch 1 --no-pictures", folder.resolve("in"))).isZero();
        JsonNode oneByOne = json("predictions.json");
        assertThat(predict("--batch 3 --no-pictures", folder.resolve("in"))).isZero();

        assertThat(json("predictions.json")).hasSize(5).isEqualTo(oneByOne);
        assertThat(oneByOne.get(3).get("boxes").get(0).get("class").asInt()).isEqualTo(1);
        assertThat(out("image0.jpg")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "'', 2",
        "--confidence 0.99995, 0",
        "--max-detections 1, 1",
        "--multi-label false, 1",
        "--multi-label, 2"
    })
    void optionsLimitTheDetections(String options, int boxes) throws IOException {
        assertThat(predict(options, cells.image("in/white.png", SIZE, SIZE, BOTH)))
                .as(errors)
                .isZero();

        assertThat(json("predictions.json").get(0).get("boxes")).hasSize(boxes);
    }

    @Test
    void classAgnosticNmsKeepsOneClassPerBox() throws IOException {
        Path image = cells.image("in/white.png", SIZE, SIZE, BOTH);
        for (String kind : List.of("greedy", "diou", "merge")) {
            assertThat(predict("--class-agnostic --nms " + kind, image)).isZero();
            assertThat(json("predictions.json").get(0).get("boxes")).as(kind).hasSize(1);
        }
        assertThat(predict("--class-agnostic --nms soft --confidence 0.1", image))
                .isZero();
        JsonNode soft = json("predictions.json").get(0).get("boxes");
        assertThat(soft.get(1).get("score").asDouble()).isCloseTo(Math.exp(-2), within(1e-3));
    }

    @Test
    void damagedImagesAreNamedAndSkipped() throws IOException {
        byte[] bytes = Files.readAllBytes(cells.image("in/whole.png", SIZE, SIZE, FIRST, SECOND));
        Path cut = Files.write(folder.resolve("in/cut.png"), Arrays.copyOf(bytes, bytes.length / 2));
        Path text = Files.writeString(folder.resolve("in/text.jpg"), "no image");

        assertThat(predict("", folder.resolve("in"))).isEqualTo(1);

        assertThat(json("predictions.json")).hasSize(1);
        assertThat(printed).startsWith("2 boxes in 1 images");
        assertThat(errors).contains("skipped " + cut + ": PNG").contains("skipped " + text + ": ");
        assertThat(out("whole.jpg")).isNotEmptyFile();
    }

    @Test
    void framesOfAVideoAreDrawnIntoAVideo() throws IOException {
        Path video = cells.video("in/film.avi", 5);

        assertThat(predict("--yolo --coco --crops", video)).as(errors).isZero();

        JsonNode frames = json("predictions.json");
        assertThat(frames).hasSize(5);
        for (int i = 0; i < 5; i++) {
            int left = EDGE * (i % 4);
            assertThat(frames.get(i).get("frame").asInt()).isEqualTo(i);
            assertThat(frames.get(i).get("boxes")).hasSize(1);
            assertNumbers(frames.get(i).get("boxes").get(0).get("box"), left, 0, left + EDGE, EDGE);
        }
        assertThat(json("detections.json").get(4).get("image_id").asText()).isEqualTo("film_000004");
        assertThat(ColoredCells.frameCount(out("film.mp4"))).isEqualTo(5);
        assertThat(filesIn(out("")))
                .containsExactlyInAnyOrder("film.mp4", "predictions.json", "detections.json", "labels", "crops");
        assertThat(filesIn(out("labels"))).hasSize(5).contains("film_000004.txt");
        assertThat(filesIn(out("crops/___first"))).hasSize(5).contains("film_000004-1.jpg");
    }

    @Test
    void damagedVideoIsReadUpToTheDamage() throws IOException {
        Path video = cells.video("in/film.avi", 40);
        byte[] bytes = Files.readAllBytes(video);
        Files.write(video, Arrays.copyOf(bytes, bytes.length / 2));
        Path text = Files.writeString(folder.resolve("in/text.mp4"), "no video");

        assertThat(predict("", folder.resolve("in"))).isEqualTo(1);

        assertThat(errors)
                .contains("skipped " + text + ": FFmpeg can't read it as a video: Could not open input")
                .contains("Invalid data found")
                .doesNotContain("setFormat", "FFmpegLogCallback");
        assertThat(json("predictions.json")).hasSizeBetween(10, 30);
        assertThat(filesIn(out(""))).containsExactlyInAnyOrder("film.mp4", "predictions.json");
    }

    @Test
    void inputsOfTheSameNameGetSeparateOutputs() throws IOException {
        Path first = cells.image("a/x.png", SIZE, SIZE, FIRST);
        Path second = cells.image("b/x.png", SIZE, SIZE, SECOND);

        assertThat(predict("--yolo", first, second)).isZero();

        assertThat(filesIn(out("labels"))).containsExactlyInAnyOrder("x.txt", "x-2.txt");
        assertThat(filesIn(out(""))).contains("x.jpg", "x-2.jpg");
        assertThat(out("labels/x-2.txt")).content().startsWith("1 ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--batch 0 | 2 | --batch 0: expected 1 to 4096",
                "--confidence 2 | 2 | --confidence 2.0: expected 0 to 1",
                "--nms soft --nms-iou 0.5 | 2 | --nms-iou 0.5: soft suppression has no such limit",
                "--nms fast | 2 | found 'fast', expected one of greedy, diou, soft, merge",
                "--precision fp64 | 2 | yolo-mpi: --precision: model.precision = \"fp64\": expected",
            })
    void invalidArgumentsAreNamed(String options, int status, String message) throws IOException {
        assertThat(predict(options, cells.image("in/one.png", SIZE, SIZE, FIRST)))
                .isEqualTo(status);

        assertThat(errors).contains(message);
        assertThat(out("")).doesNotExist();
    }

    @Test
    void inputIsNeverReplaced() throws IOException {
        Path image = cells.image("out/one.png", SIZE, SIZE, FIRST);

        assertThat(predict("", image)).isEqualTo(2);

        assertThat(errors).contains(image + ", which an output might replace");
    }

    private static void assertNumbers(JsonNode found, double... expected) {
        assertThat(found).hasSize(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat(found.get(i).asDouble()).isCloseTo(expected[i], within(1e-3));
        }
    }

    private static void assertSize(Path picture, int width, int height) throws IOException {
        BufferedImage image = ImageIO.read(picture.toFile());
        assertThat(List.of(image.getWidth(), image.getHeight())).containsExactly(width, height);
    }

    private static List<String> filesIn(Path parent) throws IOException {
        try (Stream<Path> files = Files.list(parent)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private JsonNode json(String name) throws IOException {
        return new ObjectMapper().readTree(out(name).toFile());
    }

    private Path out(String name) {
        return folder.resolve("out").resolve(name);
    }

    private Path checkpoint() {
        return folder.resolve("cells.safetensors");
    }

    private int predict(String options, Path... inputs) {
        Stream<String> fixed = Stream.of("predict", "--weights", checkpoint().toString(), "--out", out("").toString());
        Stream<String> given = Arrays.stream(options.split(" ", -1)).filter(word -> !word.isEmpty());
        Stream<String> named = Stream.of(inputs).map(Path::toString);
        return run(Stream.of(fixed, given, named).flatMap(words -> words).toList());
    }

    private int run(List<String> words) {
        CommandRun run = CommandRun.of(words);
        printed = run.printed();
        errors = run.errors();
        return run.status();
    }

    @Test
    void videoThatCannotBeDrawnIsSkipped() throws IOException {
        Path flat = cells.video("in/flat.avi", 3, SIZE, 8);
        Path video = cells.video("in/film.avi", 2);

        assertThat(predict("--yolo", flat, video)).isEqualTo(1);

        assertThat(errors.lines().filter(line -> line.startsWith("skipped ")))
                .singleElement()
                .asString()
                .startsWith("skipped " + flat + ": its drawn video can't be written: ")
                .endsWith("it has 64 x 8; --no-pictures goes without");
        assertThat(json("predictions.json")).hasSize(5);
        assertThat(filesIn(out("labels"))).hasSize(5);
        assertThat(filesIn(out(""))).containsExactlyInAnyOrder("film.mp4", "predictions.json", "labels");
    }

    @Test
    void videoThatCannotBeFinishedIsSkipped() throws IOException {
        Path first = cells.video("in/first.avi", 2);
        Path second = cells.video("in/second.avi", 3);
        Files.createDirectories(out("first.mp4/in-the-way"));

        assertThat(predict("--coco", first, second)).isEqualTo(1);

        assertThat(errors.lines().filter(line -> line.startsWith("skipped ")))
                .singleElement()
                .asString()
                .startsWith("skipped " + first + ": its drawn video can't be written: " + out("first.mp4")
                        + ": is a folder");
        assertThat(ColoredCells.frameCount(out("second.mp4"))).isEqualTo(3);
        assertThat(json("predictions.json")).hasSize(5);
        assertThat(filesIn(out("")))
                .containsExactlyInAnyOrder("first.mp4", "second.mp4", "predictions.json", "detections.json");
    }

    @Test
    void tooLongCropNameSkipsOnlyTheCrops() throws IOException {
        Path image = cells.image("in/" + "n".repeat(251) + ".png", SIZE, SIZE, FIRST);

        assertThat(predict("--yolo --crops", image)).isEqualTo(1);

        assertThat(errors).contains("skipped " + image + ": an output's name would be longer than 255 bytes");
        assertThat(filesIn(out(""))).contains("n".repeat(251) + ".jpg", "predictions.json");
        assertThat(filesIn(out("labels"))).hasSize(1);
    }

    @Test
    void framesAndImagesOfTheSameNameGetSeparateOutputs() throws IOException {
        Path video = cells.video("in/film.avi", 2);
        Path image = cells.image("in/film_000001.png", SIZE, SIZE, SECOND);

        assertThat(predict("--yolo --no-pictures", video, image)).isZero();

        assertThat(filesIn(out("labels")))
                .containsExactlyInAnyOrder("film_000001.txt", "film-2_000000.txt", "film-2_000001.txt");
    }

    @Test
    void predictIgnoresTheDeviceOfTheTraining() throws IOException {
        changeCheckpoint("recipe", toml -> toml.replace("device = \"auto\"", "device = \"gpu\"")
                .replace("replicas = 1", "replicas = 64")
                .replace("layout = \"auto\"", "layout = \"channels_last\""));

        assertThat(predict("", cells.image("in/one.png", SIZE, SIZE, FIRST)))
                .as(errors)
                .isZero();
    }

    @Test
    void cocoIdsAreThoseOfTheDataSet() throws IOException {
        changeCheckpoint("category_ids", none -> "[17, 90]");

        assertThat(predict("--coco", cells.image("in/000139.png", SIZE, SIZE, SECOND)))
                .as(errors)
                .isZero();

        JsonNode box = json("detections.json").get(0);
        assertThat(box.get("category_id").asInt()).isEqualTo(90);
        assertThat(box.get("image_id").isInt()).isTrue();
        assertThat(box.get("image_id").asInt()).isEqualTo(139);
    }

    @Test
    void wrongNumberOfCategoryIdsIsRefused() throws IOException {
        changeCheckpoint("category_ids", none -> "[1, 2, 3]");

        assertThat(predict("", cells.image("in/one.png", SIZE, SIZE, FIRST))).isEqualTo(1);

        assertThat(errors).contains("metadata category_ids: found [1, 2, 3], expected a JSON list of 2 integers");
    }

    private void changeCheckpoint(String key, UnaryOperator<String> change) {
        Checkpoint before = Safetensors.read(checkpoint());
        Map<String, String> metadata = new LinkedHashMap<>(before.metadata());
        metadata.put(key, change.apply(metadata.getOrDefault(key, "")));
        Safetensors.write(checkpoint(), new Checkpoint(metadata, before.tensors()));
    }

    @Test
    void batchLargerThanAnArrayIsRefused() throws IOException {
        changeCheckpoint("recipe", toml -> toml.replaceFirst("(?m)^size = \\d+", "size = 608"));

        assertThat(predict("--batch 4096", cells.image("in/one.png", SIZE, SIZE, FIRST)))
                .isEqualTo(2);

        assertThat(errors).contains("--batch 4096: expected at most 1936 images of 608 x 608 pixels");
    }
}
