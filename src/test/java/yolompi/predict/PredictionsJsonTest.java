package yolompi.predict;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.geometry.Box;
import yolompi.report.image.PredictedBox;

final class PredictionsJsonTest {
    @Test
    void boxesAreWrittenAsCornersByImage(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("predictions.json");
        PredictionsJson.write(
                file,
                List.of(
                        new PredictedImage(
                                "in/\"a\".jpg",
                                OptionalInt.empty(),
                                640,
                                480,
                                List.of(new PredictedBox(1, "WBC", 0.75f, new Box(1.5f, 2, 30, 40)))),
                        new PredictedImage("b.mp4", OptionalInt.of(7), 320, 320, List.of())));

        assertThat(new ObjectMapper().readTree(file.toFile())).isEqualTo(new ObjectMapper().readTree("""
                [{"file": "in/\\"a\\".jpg", "width": 640, "height": 480, "boxes": [
                    {"class": 1, "name": "WBC", "score": 0.75, "box": [1.5, 2.0, 30.0, 40.0]}]},
                 {"file": "b.mp4", "frame": 7, "width": 320, "height": 320, "boxes": []}]"""));
    }
}
