package yolompi.data;

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
import yolompi.geometry.Box;
import yolompi.geometry.LabeledBox;

class PackerTest {
    @TempDir
    Path folder;

    private PackingRoom room;

    @BeforeEach
    void openRoom() throws IOException {
        room = new PackingRoom(folder);
    }

    @Test
    void boxesThatCannotBeTrainedOnAreDroppedWithFileAndReason() throws IOException {
        room.add(
                "a.jpg",
                TestPictures.jpeg(100, 80),
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
        PackReport report = room.pack();
        assertThat(report.dropped())
                .allSatisfy(finding -> assertThat(finding.file()).endsWith("a.jpg"))
                .extracting(Finding::reason)
                .containsExactlyInAnyOrder(
                        Reason.DUPLICATE_BOX,
                        Reason.ZERO_SIZE_BOX,
                        Reason.ZERO_SIZE_BOX,
                        Reason.OUTSIDE_BOX,
                        Reason.UNKNOWN_CLASS,
                        Reason.UNKNOWN_CLASS,
                        Reason.MALFORMED_BOX,
                        Reason.MALFORMED_BOX,
                        Reason.MALFORMED_BOX);
        assertThat(boxes(0)).containsExactly(new LabeledBox(new Box(10, 10, 50, 50), 0, false));
    }

    @Test
    void aBoxBeyondTheEdgeIsClippedAndReported() throws IOException {
        room.add("a.jpg", TestPictures.jpeg(100, 80), "-5,10,50,90,dog");
        PackReport report = room.pack();
        assertThat(report.repaired()).extracting(Finding::reason).containsExactly(Reason.CLIPPED_BOX);
        assertThat(boxes(0)).containsExactly(new LabeledBox(new Box(0, 10, 50, 80), 1, false));
    }

    @Test
    void missingAndCutImagesAreDroppedByName() throws IOException {
        byte[] whole = TestPictures.jpeg(100, 80);
        room.add("good.jpg", whole, "1,1,9,9,cat")
                .add("half.jpg", Arrays.copyOf(whole, whole.length / 2), "1,1,9,9,cat")
                .add("almost.jpg", Arrays.copyOf(whole, whole.length - 5))
                .add("text.jpg", "no image".getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .list("gone.jpg", "1,1,9,9,cat");
        PackReport report = room.pack();
        assertThat(report.images()).isEqualTo(1);
        assertThat(report.dropped())
                .extracting(finding -> Path.of(finding.file()).getFileName().toString(), Finding::reason)
                .containsExactly(
                        tuple("half.jpg", Reason.DAMAGED_IMAGE),
                        tuple("almost.jpg", Reason.DAMAGED_IMAGE),
                        tuple("text.jpg", Reason.DAMAGED_IMAGE),
                        tuple("gone.jpg", Reason.MISSING_IMAGE));
    }

    @Test
    void anImageListedTwiceIsPackedOnce() throws IOException {
        room.add("a.jpg", TestPictures.jpeg(100, 80), "1,1,9,9,cat").list("a.jpg", "1,1,9,9,cat");
        PackReport report = PackingRoom.pack(room.options(0));
        assertThat(report.images()).isEqualTo(1);
        assertThat(report.dropped()).extracting(Finding::reason).containsExactly(Reason.REPEATED_IMAGE);
    }

    @Test
    void greyAndCmykImagesArePackedAndCounted() throws IOException {
        room.add("grey.jpg", TestPictures.greyJpeg(40, 40)).add("cmyk.jpg", TestPictures.redCmykJpeg(40, 40));
        PackReport report = room.pack();
        assertThat(report.images()).isEqualTo(2);
        assertThat(report.repaired()).extracting(Finding::reason).containsExactly(Reason.GREY_IMAGE, Reason.CMYK_IMAGE);
        assertThat(report.imagesWithoutBoxes()).hasSize(2);
    }

    @Test
    void aTurnedImageHasUprightSizeAndItsBoxesStay() throws IOException {
        room.add("a.jpg", TestPictures.withOrientation(TestPictures.jpeg(80, 40), 6), "5,10,30,70,cat");
        PackReport report = room.pack();
        assertThat(report.repaired()).extracting(Finding::reason).containsExactly(Reason.EXIF_ORIENTATION);
        try (ShardSet shards = ShardSet.open(room.out())) {
            assertThat(shards.width(0)).isEqualTo(40);
            assertThat(shards.height(0)).isEqualTo(80);
            assertThat(shards.boxes(0)).containsExactly(new LabeledBox(new Box(5, 10, 30, 70), 0, false));
        }
    }

    @Test
    void tooManyBadImagesFailAndLeaveNothingBehind() throws IOException {
        room.add("a.jpg", TestPictures.jpeg(40, 40)).list("gone.jpg");
        assertThatThrownBy(() -> PackingRoom.pack(room.options(49)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("1 of 2")
                .hasMessageContaining("gone.jpg");
        assertThat(entries(folder)).containsExactly("images", "list.txt", "names.txt");
        assertThat(PackingRoom.pack(room.options(50)).images()).isEqualTo(1);
    }

    @Test
    void anImageThatChangesWhilePackingFailsAndLeavesNothingBehind() throws IOException {
        room.add("a.jpg", TestPictures.jpeg(40, 40)).add("b.jpg", TestPictures.jpeg(48, 48));
        PackProgress vandal = new PackProgress() {
            @Override
            public void start(String phase, int total) {
                try {
                    if (phase.startsWith("writing")) {
                        Files.write(room.image("b.jpg"), TestPictures.jpeg(56, 56));
                    }
                } catch (IOException failure) {
                    throw new AssertionError(failure);
                }
            }

            @Override
            public void step() {}
        };
        assertThatThrownBy(() -> new Packer(room.options(0), vandal).pack())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("b.jpg: changed");
        assertThat(entries(folder)).containsExactly("images", "list.txt", "names.txt");
    }

    @Test
    void numbersWithoutANameAreRefusedWhereTheyAreMany() throws IOException {
        room.add("a.png", TestPictures.png(20, 20), "1,1,9,9,0", "2,2,8,8,7");
        assertThatThrownBy(() -> new Packer(room.options(5), PackProgress.NONE).pack())
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("1 of 2 boxes", "classes without a name", "--names", "a.png");
        assertThat(room.out()).doesNotExist();
        assertThat(new Packer(room.options(50), PackProgress.NONE).pack().boxes())
                .isEqualTo(1);
    }

    @Test
    void existingShardsAreNotOverwritten() throws IOException {
        room.add("a.jpg", TestPictures.jpeg(40, 40));
        room.pack();
        byte[] before = Files.readAllBytes(room.out().resolve("shard-00000.h5"));
        assertThatThrownBy(() -> room.pack())
                .isInstanceOf(InputException.class)
                .hasMessageContaining(room.out().toString())
                .hasMessageContaining("empty folder");
        assertThat(Files.readAllBytes(room.out().resolve("shard-00000.h5"))).isEqualTo(before);
    }

    @Test
    void anEmptyFolderIsFilled() throws IOException {
        Files.createDirectory(room.out());
        room.add("a.jpg", TestPictures.jpeg(40, 40)).pack();
        assertThat(entries(room.out())).containsExactly("pack-report.json", "shard-00000.h5");
    }

    @Test
    void theReportBesideTheShardsSaysWhatTheReportSays() throws IOException {
        room.add(
                "a.jpg",
                TestPictures.jpeg(100, 80),
                "0,0,10,10,cat",
                "5,5,55,45,dog",
                "3,3,3,3,dog",
                "50,50,150,70,dog");
        room.pack();
        JsonNode json =
                new JsonMapper().readTree(room.out().resolve("pack-report.json").toFile());
        assertThat(json.get("images").asInt()).isEqualTo(1);
        assertThat(json.get("boxes").asInt()).isEqualTo(3);
        assertThat(json.get("boxesPerClass").get("dog").asInt()).isEqualTo(2);
        assertThat(json.get("dropped").get(0).get("reason").asText()).isEqualTo("zero-size box");
        assertThat(json.get("dropped").get(0).get("file").asText()).endsWith("a.jpg");
        assertThat(json.get("repaired").get(0).get("reason").asText()).isEqualTo("box clipped to the image");
        assertThat(json.get("boxSizes").get("small").asInt()).isEqualTo(2);
    }

    @Test
    void neitherShardSizeNorThreadsChangeTheFingerprintOrTheOrder() throws IOException {
        for (int i = 0; i < 20; i++) {
            room.add("image%02d.png".formatted(i), TestPictures.png(300 + i, 200), "1,1,%d,9,cat".formatted(20 + i));
        }
        PackReport many = PackingRoom.pack(room.options(0, Encoding.RAW, 1, 4));
        List<Sample> samples;
        try (ShardSet shards = ShardSet.open(room.out())) {
            samples = java.util.stream.IntStream.range(0, shards.size())
                    .mapToObj(shards::read)
                    .toList();
        }
        Files.move(room.out(), folder.resolve("first"));
        PackReport one = PackingRoom.pack(room.options(0, Encoding.RAW, 64, 1));
        assertThat(one.fingerprint()).isEqualTo(many.fingerprint());
        try (ShardSet shards = ShardSet.open(room.out())) {
            for (Sample sample : samples) {
                assertThat(shards.read(sample.index()))
                        .usingRecursiveComparison()
                        .isEqualTo(sample);
            }
        }
    }

    @Test
    void anotherBoxIsAnotherFingerprint() throws IOException {
        room.add("a.jpg", TestPictures.jpeg(40, 40), "1,1,9,9,cat");
        String before = room.pack().fingerprint();
        Files.move(room.out(), folder.resolve("first"));
        Files.writeString(folder.resolve("list.txt"), "a.jpg 1,1,9,10,cat\n");
        assertThat(room.pack().fingerprint()).isNotEqualTo(before);
    }

    private List<LabeledBox> boxes(int index) {
        try (ShardSet shards = ShardSet.open(room.out())) {
            return shards.boxes(index);
        }
    }

    private static List<String> entries(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
