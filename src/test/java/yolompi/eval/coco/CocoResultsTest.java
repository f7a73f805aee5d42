package yolompi.eval.coco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import yolompi.detect.Detection;
import yolompi.eval.metric.ImageResult;
import yolompi.geometry.Box;

final class CocoResultsTest {
    private static final List<ImageResult> RESULTS = List.of(
            new ImageResult(
                    0,
                    List.of(),
                    List.of(
                            new Detection(0, 0.75f, new Box(1.5f, 2, 11.5f, 22)),
                            new Detection(2, 0.5f, new Box(0, 0, 3, 4)))),
            new ImageResult(1, List.of(), List.of()),
            new ImageResult(2, List.of(), List.of(new Detection(1, 0.25f, new Box(5, 6, 7, 8)))));

    private static final CocoResults.Image FIRST = CocoResults.Image.of("139");
    private static final CocoResults.Image SECOND = CocoResults.Image.of("285");
    private static final CocoResults.Image NAMED =
            new CocoResults.Image("BloodImage_00007", Optional.of("b/BloodImage_00007.jpg"));

    @TempDir
    Path folder;

    @Test
    void boxesAreWrittenAsCornerAndSize() throws Exception {
        Path file = folder.resolve("new/detections.json");
        CocoResults.write(file, RESULTS, List.of(FIRST, SECOND, NAMED)::get, classId -> classId + 1);

        assertThat(new ObjectMapper().readTree(file.toFile())).isEqualTo(new ObjectMapper().readTree("""
                [{"image_id": 139, "category_id": 1, "bbox": [1.5, 2.0, 10.0, 20.0], "score": 0.75},
                 {"image_id": 139, "category_id": 3, "bbox": [0.0, 0.0, 3.0, 4.0], "score": 0.5},
                 {"image_id": "BloodImage_00007", "file_name": "b/BloodImage_00007.jpg", "category_id": 2,
                  "bbox": [5.0, 6.0, 2.0, 2.0], "score": 0.25}]"""));
    }

    @ParameterizedTest
    @CsvSource({
        "0, true",
        "12, true",
        "007, false",
        "-3, false",
        "1.5, false",
        "12345678901234567890, false",
        "a, false"
    })
    void imageIdIsANumberOnlyIfItPrintsTheSame(String imageId, boolean number) throws Exception {
        Path file = folder.resolve("detections.json");
        CocoResults.write(file, RESULTS, index -> CocoResults.Image.of(imageId), classId -> classId);
        var written = new ObjectMapper().readTree(file.toFile()).get(0).get("image_id");
        assertThat(written.isNumber()).isEqualTo(number);
        assertThat(written.asText()).isEqualTo(imageId);
    }

    @Test
    void failedWriteKeepsTheOldFile() throws Exception {
        Path file = folder.resolve("detections.json");
        Files.writeString(file, "old");
        assertThatThrownBy(() -> CocoResults.write(file, RESULTS, List.of(FIRST)::get, classId -> classId))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(file).hasContent("old");
        assertThat(folder.toFile().list()).containsExactly("detections.json");
    }
}
