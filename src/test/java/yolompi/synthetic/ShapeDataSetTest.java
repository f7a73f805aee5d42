package yolompi.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.InputException;
import yolompi.data.ImageEncoding;
import yolompi.geometry.Box;
import yolompi.geometry.LabeledBox;
import yolompi.pack.PackFixture;
import yolompi.pack.PackOptions;
import yolompi.pack.PackProgress;
import yolompi.pack.PackReport;
import yolompi.pack.annotation.AnnotationFormat;
import yolompi.pack.annotation.SourcePaths;

class ShapeDataSetTest {
    @TempDir
    Path folder;

    @Test
    void sameSeedDrawsTheSameImagesForAnyCount() throws IOException {
        new ShapeDataSet(folder.resolve("a"), 4, 2, 7, 128).write(PackProgress.NONE);
        new ShapeDataSet(folder.resolve("b"), 6, 3, 7, 128).write(PackProgress.NONE);
        new ShapeDataSet(folder.resolve("c"), 4, 2, 8, 128).write(PackProgress.NONE);
        for (int i = 0; i < 6; i++) {
            String picture = "images/%06d.jpg".formatted(i);
            String label = "labels/%06d.txt".formatted(i);
            assertThat(folder.resolve("a/" + picture)).hasSameBinaryContentAs(folder.resolve("b/" + picture));
            assertThat(folder.resolve("a/" + label)).hasSameBinaryContentAs(folder.resolve("b/" + label));
            assertThat(Files.mismatch(folder.resolve("a/" + picture), folder.resolve("c/" + picture)))
                    .isNotNegative();
        }
    }

    @Test
    void packDropsAndRepairsNothing() {
        Path shapes = folder.resolve("shapes");
        new ShapeDataSet(shapes, 30, 10, 1, 160).write(PackProgress.NONE);
        for (String split : List.of("train", "val")) {
            SourcePaths paths = new SourcePaths(
                    shapes.resolve("images"),
                    shapes.resolve("labels"),
                    Optional.of(shapes.resolve(split + ".txt")),
                    Optional.of(shapes.resolve("names.txt")));
            PackReport report = PackFixture.pack(new PackOptions(
                    AnnotationFormat.YOLO, paths, folder.resolve(split), ImageEncoding.JPEG, 160, 64, 0, 2));
            assertThat(report.images()).isEqualTo(split.equals("train") ? 30 : 10);
            assertThat(report.dropped()).isEmpty();
            assertThat(report.repaired()).isEmpty();
            assertThat(report.boxesPerClass()).containsOnlyKeys("circle", "square", "triangle", "star");
        }
    }

    @Test
    void everyImageHasOneToFiveBoxesInsideIt() {
        List<List<LabeledBox>> pictures = IntStream.range(0, 200)
                .mapToObj(index -> new ShapeScene(3, index, 128).boxes())
                .toList();
        assertThat(pictures).allSatisfy(boxes -> assertThat(boxes).hasSizeBetween(1, 5));
        List<Box> boxes =
                pictures.stream().flatMap(List::stream).map(LabeledBox::box).toList();
        assertThat(boxes).allSatisfy(box -> {
            assertThat(box.clip(128, 128)).isEqualTo(box);
            assertThat(box.isEmpty()).isFalse();
        });
        assertThat(boxes.stream().filter(box -> box.width() < 0.1 * 128).count())
                .as("tiny boxes")
                .isBetween(1L, (long) (0.25 * boxes.size()));
    }

    @Test
    void folderWithFilesIsRejectedAndUnchanged() throws IOException {
        Files.writeString(folder.resolve("mine.txt"), "precious");
        assertThatThrownBy(() -> new ShapeDataSet(folder, 1, 0, 0, 64).write(PackProgress.NONE))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("found files there");
        assertThat(folder.resolve("mine.txt")).hasContent("precious");
    }
}
