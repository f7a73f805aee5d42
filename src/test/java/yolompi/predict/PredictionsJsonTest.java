package yolompi.predict;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.detect.Detection;
import yolompi.geometry.Box;

final class PredictionsJsonTest {
    @Test
    void boxesAreWrittenAsCornersByImage(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("predictions.json");
        PredictionsJson json = new PredictionsJson(file, List.of("RBC", "WBC"));
        json.add(new PredictionsJson.Image(
                "in/\"a\".jpg",
                OptionalInt.empty(),
                640,
                480,
                List.of(new Detection(1, 0.75f, new Box(1.5f, 2, 30, 40)))));
        json.add(new PredictionsJson.Image("b.mp4", OptionalInt.of(7), 320, 320, List.of()));
        json.finish();

        assertThat(new ObjectMapper().readTree(file.toFile())).isEqualTo(new ObjectMapper().readTree("""
                [{"file": "in/\\"a\\".jpg", "width": 640, "height": 480, "boxes": [
                    {"class": 1, "name": "WBC", "score": 0.75, "box": [1.5, 2.0, 30.0, 40.0]}]},
                 {"file": "b.mp4", "frame": 7, "width": 320, "height": 320, "boxes": []}]"""));
    }
}
