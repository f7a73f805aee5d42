package yolompi.pack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.data.Bccd;
import yolompi.data.ImageEncoding;
import yolompi.data.shard.ShardSet;
import yolompi.pack.annotation.AnnotationFormat;
import yolompi.pack.annotation.PackIssue;
import yolompi.pack.annotation.SourcePaths;

/** Packs real images and annotations: 364 blood smears. */
class BccdPackTest {
    @TempDir
    Path folder;

    private Path bccd;

    @BeforeEach
    void requireBccd() {
        bccd = Bccd.folder();
    }

    private PackReport pack(AnnotationFormat format, String annotations, Optional<Path> split, String out) {
        SourcePaths paths = new SourcePaths(
                bccd.resolve("JPEGImages"), bccd.resolve(annotations), split, Optional.of(bccd.resolve("names.txt")));
        return PackFixture.pack(new PackOptions(format, paths, folder.resolve(out), ImageEncoding.JPEG, 416, 1, 0, 2));
    }

    @Test
    void allImagesArePackedAndTwoEmptyBoxesAreDropped() {
        PackReport report = pack(AnnotationFormat.VOC, "Annotations", Optional.empty(), "all");
        assertThat(report.images()).isEqualTo(364);
        assertThat(report.boxes()).isEqualTo(4886);
        assertThat(report.boxesPerClass())
                .containsEntry("RBC", 4153)
                .containsEntry("WBC", 372)
                .containsEntry("Platelets", 361);
        assertThat(report.repaired()).isEmpty();
        assertThat(report.dropped())
                .allSatisfy(issue -> assertThat(issue.kind()).isEqualTo(PackIssue.Kind.ZERO_SIZE_BOX))
                .extracting(issue -> Path.of(issue.file()).getFileName().toString())
                .containsExactly("BloodImage_00338.jpg", "BloodImage_00343.jpg");
        try (ShardSet shards = ShardSet.open(folder.resolve("all"))) {
            shards.verify(done -> {});
            assertThat(shards.shardCount()).isGreaterThan(5);
        }
    }

    @Test
    void vocAndItsCocoCopyGiveTheSameBoxes() {
        Path list = bccd.resolve("ImageSets/Main/test.txt");
        pack(AnnotationFormat.VOC, "Annotations", Optional.of(list), "voc");
        pack(AnnotationFormat.COCO, "coco/test.json", Optional.empty(), "coco");
        try (ShardSet voc = ShardSet.open(folder.resolve("voc"));
                ShardSet coco = ShardSet.open(folder.resolve("coco"))) {
            assertThat(voc.size()).isEqualTo(72).isEqualTo(coco.size());
            for (int i = 0; i < voc.size(); i++) {
                assertThat(voc.boxes(i)).isEqualTo(coco.boxes(i));
                assertThat(voc.read(i).image()).isEqualTo(coco.read(i).image());
            }
        }
    }
}
