package yolompi.eval.coco;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.eval.metric.CocoBox;
import yolompi.eval.metric.DetectedBox;
import yolompi.eval.metric.DetectionSet;
import yolompi.eval.metric.GroundTruthBox;

class CocoFilesTest {
    @TempDir
    private Path folder;

    @Test
    void imagesAreSortedByNumber() throws IOException {
        DetectionSet set = read("[{\"id\": 10}, {\"id\": 9.0}, {\"id\": -1}]", "[]", found("9", "10", "-1.0"))
                .set();
        assertThat(set.found()).extracting(DetectedBox::image).containsExactly(1, 2, 0);
    }

    @Test
    void stringIdsAreSortedByCharacter() throws IOException {
        DetectionSet set = read("[{\"id\": \"9\"}, {\"id\": \"10\"}]", "[]", found("9", "\"10\""))
                .set();
        assertThat(set.found()).extracting(DetectedBox::image).containsExactly(1, 0);
    }

    @Test
    void namesWithLeadingZerosAreNotNumbers() throws IOException {
        DetectionSet set = read("[{\"id\": \"007\"}, {\"id\": 7}]", "[]", found("\"007\"", "\"7\""))
                .set();
        assertThat(set.imageCount()).isEqualTo(2);
        assertThat(set.found()).extracting(DetectedBox::image).containsExactly(1, 0);
    }

    @Test
    void missingAreaIsTheBoxAreaAndMissingFlagsAreZero() throws IOException {
        DetectionSet set = read(
                        "[{\"id\": 1}]",
                        "[{\"image_id\": 1, \"category_id\": 1, \"bbox\": [0, 0, 4, 5]},"
                                + " {\"image_id\": 1, \"category_id\": 1, \"bbox\": [0, 0, 4, 5], \"area\": 7,"
                                + " \"id\": 3, \"iscrowd\": true, \"ignore\": 1}]",
                        found())
                .set();
        CocoBox box = new CocoBox(0, 0, 4, 5);
        assertThat(set.truth())
                .containsExactly(
                        new GroundTruthBox(0, 0, box, 20, false, false, false),
                        new GroundTruthBox(0, 0, box, 7, true, true, false));
    }

    @Test
    void skippedEntriesAndTheIdZeroAreReported() throws IOException {
        CocoFiles files = read(
                "[{\"id\": 1}]",
                "[{\"id\": 0, \"image_id\": 1, \"category_id\": 1, \"bbox\": [0, 0, 4, 5]},"
                        + " {\"id\": 1, \"image_id\": 2, \"category_id\": 1, \"bbox\": [0, 0, 4, 5]}]",
                "[{\"image_id\": 1, \"category_id\": 2, \"bbox\": [0, 0, 4, 5], \"score\": 1}]");
        assertThat(files.notes()).hasSize(3);
        assertThat(files.notes().get(0)).startsWith("1 annotations of images or categories that");
        assertThat(files.notes().get(1)).startsWith("1 detections of categories that");
        assertThat(files.notes().get(2)).contains("the id 0");
    }

    private CocoFiles read(String images, String annotations, String detections) throws IOException {
        Path truth = Files.writeString(
                folder.resolve("gt.json"),
                "{\"annotations\": %s, \"images\": %s, \"categories\": [{\"id\": 1}]}".formatted(annotations, images));
        return CocoFiles.read(truth, Files.writeString(folder.resolve("dt.json"), detections));
    }

    private static String found(String... imageIds) {
        return List.of(imageIds).stream()
                .map(id -> "{\"image_id\": %s, \"category_id\": 1, \"bbox\": [0, 0, 4, 5], \"score\": 1}".formatted(id))
                .toList()
                .toString();
    }
}
