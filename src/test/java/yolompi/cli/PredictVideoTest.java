package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static yolompi.cli.ColoredCells.EDGE;
import static yolompi.cli.ColoredCells.SIZE;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import yolompi.cli.ColoredCells.Square;
import yolompi.torch.LoadLibTorch;

/** The command {@code predict} on videos, with a network whose detections are known. */
@ExtendWith(LoadLibTorch.class)
class PredictVideoTest {
    @TempDir
    private Path folder;

    private PredictFixture predict;

    @BeforeEach
    void importNetwork() throws IOException {
        predict = new PredictFixture(folder);
    }

    @Test
    void framesOfAVideoAreDrawnIntoAVideo() throws IOException {
        Path video = predict.cells().video("in/film.avi", 5);

        assertThat(predict.run("--yolo --coco --crops", video))
                .as(predict.errors())
                .isZero();

        JsonNode frames = predict.json("predictions.json");
        assertThat(frames).hasSize(5);
        for (int i = 0; i < 5; i++) {
            int left = EDGE * (i % 4);
            assertThat(frames.get(i).get("frame").asInt()).isEqualTo(i);
            assertThat(frames.get(i).get("boxes")).hasSize(1);
            PredictFixture.assertNumbers(frames.get(i).get("boxes").get(0).get("box"), left, 0, left + EDGE, EDGE);
        }
        assertThat(predict.json("detections.json").get(4).get("image_id").asText())
                .isEqualTo("film_000004");
        assertThat(ColoredCells.frameCount(predict.out("film.mp4"))).isEqualTo(5);
        assertThat(predict.filesIn(""))
                .containsExactlyInAnyOrder("film.mp4", "predictions.json", "detections.json", "labels", "crops");
        assertThat(predict.filesIn("labels")).hasSize(5).contains("film_000004.txt");
        assertThat(predict.filesIn("crops/___first")).hasSize(5).contains("film_000004-1.jpg");
    }

    @Test
    void damagedVideoIsReadUpToTheDamage() throws IOException {
        Path video = predict.cells().video("in/film.avi", 40);
        byte[] bytes = Files.readAllBytes(video);
        Files.write(video, Arrays.copyOf(bytes, bytes.length / 2));
        Path text = Files.writeString(folder.resolve("in/text.mp4"), "no video");

        assertThat(predict.run("", folder.resolve("in"))).isEqualTo(1);

        assertThat(predict.errors())
                .contains("skipped " + text + ": FFmpeg can't read it as a video: Could not open input")
                .contains("Invalid data found")
                .doesNotContain("setFormat", "FFmpegLogCallback");
        assertThat(predict.json("predictions.json")).hasSizeBetween(10, 30);
        assertThat(predict.filesIn("")).containsExactlyInAnyOrder("film.mp4", "predictions.json");
    }

    @Test
    void videoThatCannotBeDrawnIsSkipped() throws IOException {
        Path flat = predict.cells().video("in/flat.avi", 3, SIZE, 8);
        Path video = predict.cells().video("in/film.avi", 2);

        assertThat(predict.run("--yolo", flat, video)).isEqualTo(1);

        assertThat(predict.errors().lines().filter(line -> line.startsWith("skipped ")))
                .singleElement()
                .asString()
                .startsWith("skipped " + flat + ": its video with boxes can't be written: ")
                .contains(" it has 64 x 8 pixels; ")
                .endsWith("use --no-pictures to skip it");
        assertThat(predict.json("predictions.json")).hasSize(5);
        assertThat(predict.filesIn("labels")).hasSize(5);
        assertThat(predict.filesIn("")).containsExactlyInAnyOrder("film.mp4", "predictions.json", "labels");
    }

    @Test
    void videoThatCannotBeFinishedIsSkipped() throws IOException {
        Path first = predict.cells().video("in/first.avi", 2);
        Path second = predict.cells().video("in/second.avi", 3);
        Files.createDirectories(predict.out("first.mp4/in-the-way"));

        assertThat(predict.run("--coco", first, second)).isEqualTo(1);

        assertThat(predict.errors().lines().filter(line -> line.startsWith("skipped ")))
                .singleElement()
                .asString()
                .startsWith("skipped " + first + ": its video with boxes can't be written: " + predict.out("first.mp4")
                        + ": is a folder");
        assertThat(ColoredCells.frameCount(predict.out("second.mp4"))).isEqualTo(3);
        assertThat(predict.json("predictions.json")).hasSize(5);
        assertThat(predict.filesIn(""))
                .containsExactlyInAnyOrder("first.mp4", "second.mp4", "predictions.json", "detections.json");
    }

    @Test
    void framesAndImagesOfTheSameNameGetSeparateOutputs() throws IOException {
        Path video = predict.cells().video("in/film.avi", 2);
        Path image = predict.cells().image("in/film_000001.png", SIZE, SIZE, new Square(0, 0, EDGE, Color.MAGENTA));

        assertThat(predict.run("--yolo --no-pictures", video, image)).isZero();

        assertThat(predict.filesIn("labels"))
                .containsExactlyInAnyOrder("film_000001.txt", "film-2_000000.txt", "film-2_000001.txt");
    }
}
