package yolompi.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.InputException;
import yolompi.geometry.Box;
import yolompi.geometry.LabeledBox;

/** The same image and boxes, through each format into shards and back. */
class AnnotationFormatTest {
    private static final Box CAT = new Box(10, 20, 50, 60);
    private static final Box DOG = new Box(0, 0, 100, 80);

    @TempDir
    Path folder;

    private PackFixture room;
    private byte[] jpeg;

    @BeforeEach
    void openRoom() throws IOException {
        room = new PackFixture(folder);
        jpeg = ImageFileFixture.jpeg(100, 80);
        ImageFileFixture.write(room.image("pets 7.jpg"), jpeg);
    }

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private void expectPacked(AnnotationFormat format, Path annotations, String imageId, boolean dogIgnored) {
        PackReport report = PackFixture.pack(room.options(format, annotations));
        assertThat(report.dropped()).isEmpty();
        assertThat(report.repaired()).isEmpty();
        try (ShardSet shards = ShardSet.open(room.out())) {
            Sample sample = shards.read(0);
            assertThat(shards.size()).isEqualTo(1);
            assertThat(shards.names()).containsExactly("cat", "dog");
            assertThat(sample.imageId()).isEqualTo(imageId);
            assertThat(sample.image()).isEqualTo(jpeg);
            assertThat(sample.width()).isEqualTo(100);
            assertThat(sample.height()).isEqualTo(80);
            assertThat(sample.boxes()).hasSize(2);
            expectNear(sample.boxes().get(0), new LabeledBox(CAT, 0, false));
            expectNear(sample.boxes().get(1), new LabeledBox(DOG, 1, dogIgnored));
        }
    }

    private static void expectNear(LabeledBox found, LabeledBox expected) {
        assertThat(found.withBox(expected.box())).isEqualTo(expected);
        assertThat(found.box().iou(expected.box())).isGreaterThan(0.9999f);
    }

    private static final String VOC = """
            <annotation><filename>other.jpg</filename><size><width>100</width><height>80</height></size>
            <object><name>cat</name><difficult>0</difficult>
              <part><name>head</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>2</xmax><ymax>2</ymax></bndbox></part>
              <bndbox><xmin>10</xmin><ymin>20</ymin><xmax>50</xmax><ymax>60.0</ymax></bndbox></object>
            <object><name>dog</name><difficult>1</difficult>
              <bndbox><xmin>0</xmin><ymin>0</ymin><xmax>100</xmax><ymax>80</ymax></bndbox></object>
            </annotation>
            """;

    @Test
    void vocComesBack() throws IOException {
        write("xml/pets 7.xml", VOC);
        expectPacked(AnnotationFormat.VOC, folder.resolve("xml"), "pets 7", true);
    }

    @Test
    void cocoComesBack() throws IOException {
        Path file = write("coco.json", """
                {"info": {"year": 2026}, "images": [{"id": 42, "file_name": "pets 7.jpg", "width": 100, "height": 80}],
                 "annotations": [
                  {"id": 1, "image_id": 42, "category_id": 17, "bbox": [10, 20, 40, 40], "iscrowd": 0, "segmentation": [[1, 2]]},
                  {"id": 2, "image_id": 42, "category_id": 90, "bbox": [0, 0, 100, 80], "iscrowd": 1, "segmentation": {"counts": [1]}}],
                 "categories": [{"id": 90, "name": "dog"}, {"id": 17, "name": "cat"}]}
                """);
        expectPacked(AnnotationFormat.COCO, file, "42", true);
        try (ShardSet shards = ShardSet.open(room.out())) {
            assertThat(shards.categoryIds()).containsExactly(17, 90);
        }
    }

    @Test
    void yoloComesBack() throws IOException {
        write("labels/pets 7.txt", "0 0.3 0.5 0.4 0.5\n\n1 0.5 0.5 1 1\n");
        expectPacked(AnnotationFormat.YOLO, folder.resolve("labels"), "pets 7", false);
        try (ShardSet shards = ShardSet.open(room.out())) {
            assertThat(shards.categoryIds()).containsExactly(1, 2);
        }
    }

    @Test
    void aListComesBackEvenWithASpaceInThePath() throws IOException {
        Path file = write("boxes.txt", "pets 7.jpg 10,20,50,60,cat 0,0,100,80,1\n");
        expectPacked(AnnotationFormat.LIST, file, "pets 7", false);
    }

    @Test
    void vocNamesAreTheSortedOnesFoundWhereNoneAreGiven() throws IOException {
        write("xml/pets 7.xml", VOC.replace("cat", "zebra"));
        Annotations read = AnnotationFormat.VOC.read(paths(folder.resolve("xml"), Optional.empty()));
        assertThat(read.classes().names()).containsExactly("dog", "zebra");
    }

    @Test
    void aSplitPicksImagesByNameOrPath() throws IOException {
        ImageFileFixture.write(room.image("train/b.jpg"), jpeg);
        ImageFileFixture.write(room.image("train/c.jpg"), jpeg);
        write("labels/train/c.txt", "0 0.3 0.5 0.4 0.5");
        Path split = write("split.txt", "pets 7\n./data/images/train/c.jpg\n");
        Annotations read = AnnotationFormat.YOLO.read(new SourcePaths(
                folder.resolve("images"),
                folder.resolve("labels"),
                Optional.of(split),
                Optional.of(folder.resolve("names.txt"))));
        assertThat(read.images()).extracting(AnnotatedImage::imageId).containsExactly("pets 7", "train/c");
        assertThat(read.images().get(1).boxes()).hasSize(1);
    }

    @Test
    void aFolderWithoutALabelFileOfAnyImageIsRefused() throws IOException {
        Path other = folder.resolve("images");
        write("images/names.txt", "cat\n");
        assertThatThrownBy(() -> AnnotationFormat.YOLO.read(paths(other, Optional.empty())))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("--annotations " + other, "any of the 1 images", "pets 7.txt");
        write("images/pets 7.txt", "");
        assertThat(AnnotationFormat.YOLO.read(paths(other, Optional.empty())).images())
                .hasSize(1);
    }

    @Test
    void namesMayStandInADataYamlAboveTheLabels() throws IOException {
        write("labels/pets 7.txt", "1 0.3 0.5 0.4 0.5");
        Files.delete(folder.resolve("names.txt"));
        write("data.yaml", "nc: 2\nnames: [cat, dog]\n");
        Annotations read = AnnotationFormat.YOLO.read(paths(folder.resolve("labels"), Optional.empty()));
        assertThat(read.classes().names()).containsExactly("cat", "dog");
    }

    @Test
    void boxesDrawnOnTheStoredPictureTurnUprightWithIt() throws IOException {
        ImageFileFixture.write(room.image("pets 7.jpg"), ImageFileFixture.withOrientation(jpeg, 6));
        write("xml/pets 7.xml", VOC);
        PackReport report = PackFixture.pack(room.options(AnnotationFormat.VOC, folder.resolve("xml")));
        assertThat(report.repaired())
                .extracting(Finding::reason)
                .containsExactly(Reason.EXIF_ORIENTATION, Reason.ROTATED_BOXES);
        try (ShardSet shards = ShardSet.open(room.out())) {
            assertThat(shards.boxes(0).get(0).box()).isEqualTo(new Box(20, 10, 60, 50));
            assertThat(shards.boxes(0).get(1).box()).isEqualTo(new Box(0, 0, 80, 100));
        }
    }

    @Test
    void anXmlFileWithAnExternalEntityIsRefused() throws IOException {
        Path secret = write("secret.txt", "cat");
        write(
                "xml/pets 7.xml",
                "<!DOCTYPE a [<!ENTITY e SYSTEM '" + secret.toUri() + "'>]>"
                        + VOC.replace("<name>cat</name>", "<name>&e;</name>"));
        Annotations read = AnnotationFormat.VOC.read(paths(folder.resolve("xml"), names()));
        assertThat(read.images()).isEmpty();
        assertThat(read.findings()).extracting(Finding::reason).containsExactly(Reason.BAD_ANNOTATION);
    }

    @Test
    void anAnnotationFileThatTheSplitNamesButIsMissingCountsAsABadImage() throws IOException {
        Files.createDirectories(folder.resolve("xml"));
        Path split = write("split.txt", "pets 7\n");
        Annotations read = AnnotationFormat.VOC.read(
                new SourcePaths(folder.resolve("images"), folder.resolve("xml"), Optional.of(split), names()));
        assertThat(read.findings()).extracting(Finding::reason).containsExactly(Reason.BAD_ANNOTATION);
        assertThat(read.findings().get(0).file()).endsWith("pets 7.xml");
    }

    @Test
    void numberedClassesNeedNames() throws IOException {
        write("labels/pets 7.txt", "0 0.3 0.5 0.4 0.5");
        Files.delete(folder.resolve("names.txt"));
        assertThatThrownBy(() -> AnnotationFormat.YOLO.read(paths(folder.resolve("labels"), Optional.empty())))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--names");
        Path list = write("boxes.txt", "pets 7.jpg 10,20,50,60,0\n");
        assertThatThrownBy(() -> AnnotationFormat.LIST.read(paths(list, Optional.empty())))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--names");
    }

    @Test
    void namesChooseSomeOfTheBoxesButNotNone() throws IOException {
        write("xml/pets 7.xml", VOC.replace("cat", "hamster").replace("dog", "rabbit"));
        PackOptions options = room.options(AnnotationFormat.VOC, folder.resolve("xml"));
        assertThatThrownBy(() -> PackFixture.pack(options))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll(
                        "2 of 2 boxes are of classes without a name, expected names of some", "--names");
        write("xml/pets 7.xml", VOC.replace("cat", "hamster"));
        assertThat(PackFixture.pack(options).dropped())
                .extracting(Finding::reason)
                .containsExactly(Reason.UNKNOWN_CLASS);
    }

    @Test
    void aListThatIsNoneIsRefusedBeforeItsTextIsTakenForPaths() throws IOException {
        Path json = write("coco.json", "{\"images\": []}");
        assertThatThrownBy(() -> AnnotationFormat.LIST.read(paths(json, names())))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("coco.json: found JSON", "is --format list meant?");
    }

    @Test
    void brokenCocoJsonNamesTheFile() throws IOException {
        Path file = write("coco.json", "{\"images\": [");
        assertThatThrownBy(() -> AnnotationFormat.COCO.read(paths(file, Optional.empty())))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("coco.json");
    }

    @Test
    void aClassNameThatStandsTwiceIsRefused() throws IOException {
        Path file = write("twice.txt", "cat\ndog\ncat\n");
        assertThatThrownBy(() -> ClassNames.read(file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("'cat' stands twice, as number 0 and 2");
        assertThat(ClassNames.read(folder.resolve("names.txt")).names()).isEqualTo(List.of("cat", "dog"));
    }

    private Optional<Path> names() {
        return Optional.of(folder.resolve("names.txt"));
    }

    private SourcePaths paths(Path annotations, Optional<Path> names) {
        return new SourcePaths(folder.resolve("images"), annotations, Optional.empty(), names);
    }
}
