package yolompi.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.InputException;
import yolompi.data.ImageEncoding;
import yolompi.data.ImageFileFixture;
import yolompi.data.Sample;
import yolompi.data.shard.ShardSet;
import yolompi.geometry.Box;
import yolompi.geometry.LabeledBox;
import yolompi.pack.annotation.PackIssue;

class PackerTest {
    @TempDir
    Path folder;

    private PackFixture fixture;

    @BeforeEach
    void createFixture() throws IOException {
        fixture = new PackFixture(folder);
    }

    @Test
    void invalidBoxesAreDroppedAndReportedWithFileAndKind() throws IOException {
        fixture.add(
                "a.jpg",
                ImageFileFixture.jpeg(100, 80),
                "10,10,50,50,cat",
                "10,10,50,50,0",
                "20,20,20,60,cat",
                "60,10,30,50,cat",
                "100,0,120,20,dog",
                "1,2,3,4,horse",
                "1,2,3,4,2",
                "1,x,3,4,dog",
                "1,2,NaN,4,dog",
                "1,2,3,4");
        PackReport report = fixture.pack();
        assertThat(report.dropped())
                .allSatisfy(issue -> assertThat(issue.file()).endsWith("a.jpg"))
                .extracting(PackIssue::kind)
                .containsExactlyInAnyOrder(
                        PackIssue.Kind.DUPLICATE_BOX,
                        PackIssue.Kind.ZERO_SIZE_BOX,
                        PackIssue.Kind.ZERO_SIZE_BOX,
                        PackIssue.Kind.OUTSIDE_BOX,
                        PackIssue.Kind.UNKNOWN_CLASS,
                        PackIssue.Kind.UNKNOWN_CLASS,
                        PackIssue.Kind.MALFORMED_BOX,
                        PackIssue.Kind.MALFORMED_BOX,
                        PackIssue.Kind.MALFORMED_BOX);
        assertThat(boxes(0)).containsExactly(new LabeledBox(new Box(10, 10, 50, 50), 0, false));
    }

    @Test
    void boxBeyondTheEdgeIsClippedAndReported() throws IOException {
        fixture.add("a.jpg", ImageFileFixture.jpeg(100, 80), "-5,10,50,90,dog");
        PackReport report = fixture.pack();
        assertThat(report.repaired()).extracting(PackIssue::kind).containsExactly(PackIssue.Kind.CLIPPED_BOX);
        assertThat(boxes(0)).containsExactly(new LabeledBox(new Box(0, 10, 50, 80), 1, false));
    }

    @Test
    void missingAndTruncatedImagesAreDroppedAndNamed() throws IOException {
        byte[] whole = ImageFileFixture.jpeg(100, 80);
        fixture.add("good.jpg", whole, "1,1,9,9,cat")
                .add("half.jpg", Arrays.copyOf(whole, whole.length / 2), "1,1,9,9,cat")
                .add("almost.jpg", Arrays.copyOf(whole, whole.length - 5))
                .add("text.jpg", "no image".getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .list("gone.jpg", "1,1,9,9,cat");
        PackReport report = fixture.pack();
        assertThat(report.images()).isEqualTo(1);
        assertThat(report.dropped())
                .extracting(issue -> Path.of(issue.file()).getFileName().toString(), PackIssue::kind)
                .containsExactly(
                        tuple("half.jpg", PackIssue.Kind.DAMAGED_IMAGE),
                        tuple("almost.jpg", PackIssue.Kind.DAMAGED_IMAGE),
                        tuple("text.jpg", PackIssue.Kind.DAMAGED_IMAGE),
                        tuple("gone.jpg", PackIssue.Kind.MISSING_IMAGE));
    }

    @Test
    void imageListedTwiceIsPackedOnce() throws IOException {
        fixture.add("a.jpg", ImageFileFixture.jpeg(100, 80), "1,1,9,9,cat").list("a.jpg", "1,1,9,9,cat");
        PackReport report = PackFixture.pack(fixture.options(0));
        assertThat(report.images()).isEqualTo(1);
        assertThat(report.dropped()).extracting(PackIssue::kind).containsExactly(PackIssue.Kind.REPEATED_IMAGE);
    }

    @Test
    void grayAndCmykImagesArePackedAndCounted() throws IOException {
        fixture.add("grey.jpg", ImageFileFixture.grayJpeg(40, 40))
                .add("cmyk.jpg", ImageFileFixture.redCmykJpeg(40, 40));
        PackReport report = fixture.pack();
        assertThat(report.images()).isEqualTo(2);
        assertThat(report.repaired())
                .extracting(PackIssue::kind)
                .containsExactly(PackIssue.Kind.GREY_IMAGE, PackIssue.Kind.CMYK_IMAGE);
        assertThat(report.imagesWithoutBoxes()).hasSize(2);
    }

    @Test
    void rotatedImageHasItsUprightSizeAndKeepsItsBoxes() throws IOException {
        fixture.add("a.jpg", ImageFileFixture.withOrientation(ImageFileFixture.jpeg(80, 40), 6), "5,10,30,70,cat");
        PackReport report = fixture.pack();
        assertThat(report.repaired()).extracting(PackIssue::kind).containsExactly(PackIssue.Kind.EXIF_ORIENTATION);
        try (ShardSet shards = ShardSet.open(fixture.out())) {
            assertThat(shards.width(0)).isEqualTo(40);
            assertThat(shards.height(0)).isEqualTo(80);
            assertThat(shards.boxes(0)).containsExactly(new LabeledBox(new Box(5, 10, 30, 70), 0, false));
        }
    }

    @Test
    void tooManyBadImagesFailAndLeaveNoFiles() throws IOException {
        fixture.add("a.jpg", ImageFileFixture.jpeg(40, 40)).list("gone.jpg");
        assertThatThrownBy(() -> PackFixture.pack(fixture.options(49)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("1 of 2")
                .hasMessageContaining("gone.jpg");
        assertThat(entries(folder)).containsExactly("images", "list.txt", "names.txt");
        assertThat(PackFixture.pack(fixture.options(50)).images()).isEqualTo(1);
    }

    @Test
    void imageThatChangesDuringPackingFailsAndLeavesNoFiles() throws IOException {
        fixture.add("a.jpg", ImageFileFixture.jpeg(40, 40)).add("b.jpg", ImageFileFixture.jpeg(48, 48));
        PackProgress vandal = new PackProgress() {
            @Override
            public void start(String phase, int total) {
                try {
                    if (phase.startsWith("writing")) {
                        Files.write(fixture.image("b.jpg"), ImageFileFixture.jpeg(56, 56));
                    }
                } catch (IOException failure) {
                    throw new AssertionError(failure);
                }
            }

            @Override
            public void step() {}
        };
        assertThatThrownBy(() -> new Packer(fixture.options(0), vandal).pack())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("b.jpg: changed");
        assertThat(entries(folder)).containsExactly("images", "list.txt", "names.txt");
    }

    @Test
    void manyClassNumbersWithoutANameAreRejected() throws IOException {
        fixture.add("a.png", ImageFileFixture.png(20, 20), "1,1,9,9,0", "2,2,8,8,7");
        assertThatThrownBy(() -> new Packer(fixture.options(5), PackProgress.NONE).pack())
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("1 of 2 boxes", "classes without a name", "--names", "a.png");
        assertThat(fixture.out()).doesNotExist();
        assertThat(new Packer(fixture.options(50), PackProgress.NONE).pack().boxes())
                .isEqualTo(1);
    }

    @Test
    void existingShardsAreNotOverwritten() throws IOException {
        fixture.add("a.jpg", ImageFileFixture.jpeg(40, 40));
        fixture.pack();
        byte[] before = Files.readAllBytes(fixture.out().resolve("shard-00000.h5"));
        assertThatThrownBy(() -> fixture.pack())
                .isInstanceOf(InputException.class)
                .hasMessageContaining(fixture.out().toString())
                .hasMessageContaining("empty folder");
        assertThat(Files.readAllBytes(fixture.out().resolve("shard-00000.h5"))).isEqualTo(before);
    }

    @Test
    void emptyOutputFolderIsFilled() throws IOException {
        Files.createDirectory(fixture.out());
        fixture.add("a.jpg", ImageFileFixture.jpeg(40, 40)).pack();
        assertThat(entries(fixture.out())).containsExactly("pack-report.json", "shard-00000.h5");
    }

    @Test
    void reportFileEqualsTheReturnedReport() throws IOException {
        fixture.add(
                "a.jpg",
                ImageFileFixture.jpeg(100, 80),
                "0,0,10,10,cat",
                "5,5,55,45,dog",
                "3,3,3,3,dog",
                "50,50,150,70,dog");
        fixture.pack();
        JsonNode json = new JsonMapper()
                .readTree(fixture.out().resolve("pack-report.json").toFile());
        assertThat(json.get("images").asInt()).isEqualTo(1);
        assertThat(json.get("boxes").asInt()).isEqualTo(3);
        assertThat(json.get("boxesPerClass").get("dog").asInt()).isEqualTo(2);
        assertThat(json.get("dropped").get(0).get("reason").asText()).isEqualTo("zero-size box");
        assertThat(json.get("dropped").get(0).get("file").asText()).endsWith("a.jpg");
        assertThat(json.get("repaired").get(0).get("reason").asText()).isEqualTo("box clipped to the image");
        assertThat(json.get("boxSizes").get("small").asInt()).isEqualTo(2);
    }

    @Test
    void shardSizeAndThreadsKeepFingerprintAndOrder() throws IOException {
        for (int i = 0; i < 20; i++) {
            fixture.add(
                    "image%02d.png".formatted(i), ImageFileFixture.png(300 + i, 200), "1,1,%d,9,cat".formatted(20 + i));
        }
        PackReport many = PackFixture.pack(fixture.options(0, ImageEncoding.RAW, 1, 4));
        List<Sample> samples;
        try (ShardSet shards = ShardSet.open(fixture.out())) {
            samples = java.util.stream.IntStream.range(0, shards.size())
                    .mapToObj(shards::read)
                    .toList();
        }
        Files.move(fixture.out(), folder.resolve("first"));
        PackReport one = PackFixture.pack(fixture.options(0, ImageEncoding.RAW, 64, 1));
        assertThat(one.fingerprint()).isEqualTo(many.fingerprint());
        try (ShardSet shards = ShardSet.open(fixture.out())) {
            for (Sample sample : samples) {
                assertThat(shards.read(sample.index()))
                        .usingRecursiveComparison()
                        .isEqualTo(sample);
            }
        }
    }

    @Test
    void changedBoxChangesTheFingerprint() throws IOException {
        fixture.add("a.jpg", ImageFileFixture.jpeg(40, 40), "1,1,9,9,cat");
        String before = fixture.pack().fingerprint();
        Files.move(fixture.out(), folder.resolve("first"));
        Files.writeString(folder.resolve("list.txt"), "a.jpg 1,1,9,10,cat\n");
        assertThat(fixture.pack().fingerprint()).isNotEqualTo(before);
    }

    private List<LabeledBox> boxes(int index) {
        try (ShardSet shards = ShardSet.open(fixture.out())) {
            return shards.boxes(index);
        }
    }

    private static List<String> entries(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
