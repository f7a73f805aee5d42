package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static yolompi.cli.ColoredCells.EDGE;
import static yolompi.cli.ColoredCells.SIZE;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import yolompi.cli.ColoredCells.Square;
import yolompi.torch.LoadLibTorch;

/** The command {@code predict} on images, with a network whose detections are known. */
@ExtendWith(LoadLibTorch.class)
class PredictCommandTest {
    private static final Square FIRST = new Square(0, 0, EDGE, Color.YELLOW);
    private static final Square SECOND = new Square(3 * EDGE, 2 * EDGE, EDGE, Color.MAGENTA);
    private static final Square BOTH = new Square(EDGE, EDGE, EDGE, Color.WHITE);

    @TempDir
    private Path folder;

    private PredictFixture predict;

    @BeforeEach
    void importNetwork() throws IOException {
        predict = new PredictFixture(folder);
    }

    @Test
    void detectionsAreDrawnAndWrittenInEachFormat() throws IOException {
        Path image = predict.cells()
                .image( // twice the network's input size
                        "in/one.png",
                        2 * SIZE,
                        SIZE,
                        new Square(32, 0, 2 * EDGE, Color.YELLOW),
                        new Square(96, 32, 2 * EDGE, Color.MAGENTA));

        assertThat(predict.run("--crops --yolo --coco", image))
                .as(predict.errors())
                .isZero();

        assertThat(predict.printed())
                .startsWith("2 boxes in 1 images, ")
                .contains("images/s\nall boxes in " + predict.out("predictions.json") + "; images with boxes in "
                        + predict.out(""));
        JsonNode boxes = predict.json("predictions.json").get(0).get("boxes");
        assertThat(boxes).hasSize(2);
        PredictFixture.assertNumbers(boxes.get(0).get("box"), 32, 0, 64, 32);
        assertThat(boxes.get(0).get("name").asText()).isEqualTo("../first");
        PredictFixture.assertNumbers(boxes.get(1).get("box"), 96, 32, 128, 64);
        assertThat(Files.readString(predict.out("labels/one.txt")).lines().map(line -> line.substring(0, 37)))
                .containsExactly("0 0.375000 0.250000 0.250000 0.500000", "1 0.875000 0.750000 0.250000 0.500000");
        JsonNode coco = predict.json("detections.json");
        assertThat(coco).hasSize(2);
        assertThat(coco.get(1).get("image_id").asText()).isEqualTo("one");
        assertThat(coco.get(1).get("file_name").asText()).isEqualTo(image.toString());
        assertThat(coco.get(1).get("category_id").asInt()).isEqualTo(2);
        PredictFixture.assertNumbers(coco.get(1).get("bbox"), 96, 32, 32, 32);
        assertSize(predict.out("crops/___first/one-1.jpg"), 32, 32);
        assertSize(predict.out("crops/second/one-2.jpg"), 32, 32);
        assertSize(predict.out("one.jpg"), 128, 64);
    }

    @Test
    void detectionsDoNotDependOnTheBatchSize() throws IOException {
        for (int i = 0; i < 5; i++) {
            predict.cells().image("in/image" + i + ".png", SIZE, SIZE, i % 2 == 0 ? FIRST : SECOND);
        }

        assertThat(predict.run("--batch 1 --no-pictures", folder.resolve("in"))).isZero();
        JsonNode oneByOne = predict.json("predictions.json");
        assertThat(predict.run("--batch 3 --no-pictures", folder.resolve("in"))).isZero();

        assertThat(predict.json("predictions.json")).hasSize(5).isEqualTo(oneByOne);
        assertThat(oneByOne.get(3).get("boxes").get(0).get("class").asInt()).isEqualTo(1);
        assertThat(predict.out("image0.jpg")).doesNotExist();
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
        assertThat(predict.run(options, predict.cells().image("in/white.png", SIZE, SIZE, BOTH)))
                .as(predict.errors())
                .isZero();

        assertThat(predict.json("predictions.json").get(0).get("boxes")).hasSize(boxes);
    }

    @Test
    void classAgnosticNmsKeepsOneClassPerBox() throws IOException {
        Path image = predict.cells().image("in/white.png", SIZE, SIZE, BOTH);
        for (String kind : List.of("greedy", "diou", "merge")) {
            assertThat(predict.run("--class-agnostic --nms " + kind, image)).isZero();
            assertThat(predict.json("predictions.json").get(0).get("boxes"))
                    .as(kind)
                    .hasSize(1);
        }
        assertThat(predict.run("--class-agnostic --nms soft --confidence 0.1", image))
                .isZero();
        JsonNode soft = predict.json("predictions.json").get(0).get("boxes");
        assertThat(soft.get(1).get("score").asDouble()).isCloseTo(Math.exp(-2), within(1e-3));
    }

    @Test
    void damagedImagesAreNamedAndSkipped() throws IOException {
        byte[] bytes = Files.readAllBytes(predict.cells().image("in/whole.png", SIZE, SIZE, FIRST, SECOND));
        Path cut = Files.write(folder.resolve("in/cut.png"), Arrays.copyOf(bytes, bytes.length / 2));
        Path text = Files.writeString(folder.resolve("in/text.jpg"), "no image");

        assertThat(predict.run("", folder.resolve("in"))).isEqualTo(1);

        assertThat(predict.json("predictions.json")).hasSize(1);
        assertThat(predict.printed()).startsWith("2 boxes in 1 images");
        assertThat(predict.errors()).contains("skipped " + cut + ": PNG").contains("skipped " + text + ": ");
        assertThat(predict.out("whole.jpg")).isNotEmptyFile();
    }

    @Test
    void inputsOfTheSameNameGetSeparateOutputs() throws IOException {
        Path first = predict.cells().image("a/x.png", SIZE, SIZE, FIRST);
        Path second = predict.cells().image("b/x.png", SIZE, SIZE, SECOND);

        assertThat(predict.run("--yolo", first, second)).isZero();

        assertThat(predict.filesIn("labels")).containsExactlyInAnyOrder("x.txt", "x-2.txt");
        assertThat(predict.filesIn("")).contains("x.jpg", "x-2.jpg");
        assertThat(predict.out("labels/x-2.txt")).content().startsWith("1 ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--batch 0 | 2 | --batch 0: expected 1 to 4096",
                "--confidence 2 | 2 | --confidence 2.0: expected 0 to 1",
                "--nms soft --nms-iou 0.5 | 2 | --nms-iou 0.5: --nms soft has no IoU limit",
                "--nms fast | 2 | found 'fast', expected one of greedy, diou, soft, merge",
                "--precision fp64 | 2 | yolo-mpi: --precision: model.precision = \"fp64\": expected",
            })
    void invalidArgumentsAreNamed(String options, int status, String message) throws IOException {
        assertThat(predict.run(options, predict.cells().image("in/one.png", SIZE, SIZE, FIRST)))
                .isEqualTo(status);

        assertThat(predict.errors()).contains(message);
        assertThat(predict.out("")).doesNotExist();
    }

    @Test
    void inputIsNeverReplaced() throws IOException {
        Path image = predict.cells().image("out/one.png", SIZE, SIZE, FIRST);

        assertThat(predict.run("", image)).isEqualTo(2);

        assertThat(predict.errors()).contains(image + ", which an output might replace");
    }

    @Test
    void tooLongCropNameSkipsOnlyTheCrops() throws IOException {
        Path image = predict.cells().image("in/" + "n".repeat(251) + ".png", SIZE, SIZE, FIRST);

        assertThat(predict.run("--yolo --crops", image)).isEqualTo(1);

        assertThat(predict.errors())
                .contains("skipped " + image + ": the name of an output would be longer than 255 bytes");
        assertThat(predict.filesIn("")).contains("n".repeat(251) + ".jpg", "predictions.json");
        assertThat(predict.filesIn("labels")).hasSize(1);
    }

    @Test
    void predictIgnoresTheDeviceOfTheTraining() throws IOException {
        predict.changeCheckpoint("recipe", toml -> toml.replace("device = \"auto\"", "device = \"gpu\"")
                .replace("replicas = 1", "replicas = 64")
                .replace("layout = \"auto\"", "layout = \"channels_last\""));

        assertThat(predict.run("", predict.cells().image("in/one.png", SIZE, SIZE, FIRST)))
                .as(predict.errors())
                .isZero();
    }

    @Test
    void cocoIdsAreThoseOfTheDataSet() throws IOException {
        predict.changeCheckpoint("category_ids", none -> "[17, 90]");

        assertThat(predict.run("--coco", predict.cells().image("in/000139.png", SIZE, SIZE, SECOND)))
                .as(predict.errors())
                .isZero();

        JsonNode box = predict.json("detections.json").get(0);
        assertThat(box.get("category_id").asInt()).isEqualTo(90);
        assertThat(box.get("image_id").isInt()).isTrue();
        assertThat(box.get("image_id").asInt()).isEqualTo(139);
    }

    @Test
    void wrongNumberOfCategoryIdsIsRefused() throws IOException {
        predict.changeCheckpoint("category_ids", none -> "[1, 2, 3]");

        assertThat(predict.run("", predict.cells().image("in/one.png", SIZE, SIZE, FIRST)))
                .isEqualTo(1);

        assertThat(predict.errors())
                .contains("metadata category_ids: found [1, 2, 3], expected a JSON list of 2 integers");
    }

    @Test
    void batchLargerThanAnArrayIsRefused() throws IOException {
        predict.changeCheckpoint("recipe", toml -> toml.replaceFirst("(?m)^size = \\d+", "size = 608"));

        assertThat(predict.run("--batch 4096", predict.cells().image("in/one.png", SIZE, SIZE, FIRST)))
                .isEqualTo(2);

        assertThat(predict.errors()).contains("--batch 4096: expected at most 1936 images of 608 x 608 pixels");
    }

    private static void assertSize(Path picture, int width, int height) throws IOException {
        BufferedImage image = ImageIO.read(picture.toFile());
        assertThat(List.of(image.getWidth(), image.getHeight())).containsExactly(width, height);
    }
}
