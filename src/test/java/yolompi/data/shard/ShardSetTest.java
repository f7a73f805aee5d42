package yolompi.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.systemsx.cisd.hdf5.HDF5Factory;
import ch.systemsx.cisd.hdf5.IHDF5Writer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.InputException;
import yolompi.data.ImageEncoding;
import yolompi.data.ImageFileFixture;
import yolompi.data.Sample;
import yolompi.pack.PackFixture;

class ShardSetTest {
    private static final int IMAGES = 7;

    @TempDir
    Path folder;

    private PackFixture fixture;

    /** Seven JPEG files of a little under half a MiB each: two per shard of one MiB. */
    @BeforeEach
    void pack() throws IOException {
        fixture = new PackFixture(folder);
        for (int i = 0; i < IMAGES; i++) {
            byte[] jpeg = ImageFileFixture.jpeg(64 + i, 64);
            byte[] padded = java.util.Arrays.copyOf(jpeg, 450_000);
            fixture.add("image%d.jpg".formatted(i), padded, "1,1,20,20,cat", "3,3,%d,9,dog".formatted(10 + i));
        }
        PackFixture.pack(fixture.options(0, ImageEncoding.JPEG, 1, 2));
    }

    private Path shard(int index) {
        return fixture.out().resolve("shard-%05d.h5".formatted(index));
    }

    private static void edit(Path file, Consumer<IHDF5Writer> change) {
        try (IHDF5Writer writer = HDF5Factory.open(file.toFile())) {
            change.accept(writer);
        }
    }

    @Test
    void samplesOfAllShardsAreReadInOrderWithTheSameBytes() throws IOException {
        try (ShardSet shards = ShardSet.open(fixture.out())) {
            assertThat(shards.shardCount()).isEqualTo(4);
            assertThat(shards.size()).isEqualTo(IMAGES);
            for (int i = 0; i < IMAGES; i++) {
                Sample sample = shards.read(i);
                assertThat(sample.imageId()).isEqualTo("image" + i).isEqualTo(shards.imageId(i));
                assertThat(sample.image()).isEqualTo(Files.readAllBytes(fixture.image("image" + i + ".jpg")));
                assertThat(sample.width()).isEqualTo(64 + i).isEqualTo(shards.width(i));
                assertThat(sample.boxes()).isEqualTo(shards.boxes(i)).hasSize(2);
                assertThat(sample.boxes().get(1).box().x2()).isEqualTo(10 + i);
            }
        }
    }

    @Test
    void subfoldersWithShardsAreSuggested() {
        Path above = fixture.out().toAbsolutePath().getParent();

        assertThatThrownBy(() -> ShardSet.open(above))
                .isInstanceOf(InputException.class)
                .hasMessage(above + ": found no shards (*.h5); there are shards in "
                        + fixture.out().toAbsolutePath() + "; name one of these");
    }

    @Test
    void severalThreadsReadAtTheSameTime() {
        try (ShardSet shards = ShardSet.open(fixture.out())) {
            List<Integer> widths = IntStream.range(0, 200)
                    .parallel()
                    .mapToObj(i -> shards.read(i % IMAGES).width() - i % IMAGES)
                    .distinct()
                    .toList();
            assertThat(widths).containsExactly(64);
        }
    }

    @Test
    void verifyReadsEveryRecord() {
        List<Integer> seen = new ArrayList<>();
        try (ShardSet shards = ShardSet.open(fixture.out())) {
            shards.verify(seen::add);
        }
        assertThat(seen).containsExactly(1, 2, 3, 4, 5, 6, 7);
    }

    @Test
    void changedImageByteNamesFileAndRecord() {
        edit(shard(1), file -> file.uint8().writeArrayBlockWithOffset("images", new byte[] {7}, 1, 450_000 + 1234));
        try (ShardSet shards = ShardSet.open(fixture.out())) {
            assertThat(shards.read(2).index()).isEqualTo(2);
            assertThatThrownBy(() -> shards.read(3))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(shard(1) + ", record 1 (image image3)");
            assertThatThrownBy(() -> shards.verify(done -> {}))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("record 1");
        }
    }

    @Test
    void changedBoxNamesFileAndRecord() {
        edit(shard(0), file -> file.float32().writeArrayBlockWithOffset("boxes", new float[] {2}, 1, 0));
        try (ShardSet shards = ShardSet.open(fixture.out())) {
            assertThatThrownBy(() -> shards.read(0))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(shard(0) + ", record 0");
        }
    }

    @Test
    void classWithoutANameIsRejected() {
        edit(shard(0), file -> file.int32().writeArrayBlockWithOffset("boxClasses", new int[] {20}, 1, 2));
        assertThatThrownBy(() -> ShardSet.open(fixture.out()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("record 1: class 20, but names has 0–1");
    }

    @Test
    void missingShardIsNamed() throws IOException {
        Files.delete(shard(2));
        assertThatThrownBy(() -> ShardSet.open(fixture.out()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("shard-00002.h5 is missing, found 3 of 4 shards");
    }

    @Test
    void missingLastShardIsDetected() throws IOException {
        Files.delete(shard(3));
        assertThatThrownBy(() -> ShardSet.open(fixture.out()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("shard-00003.h5 is missing");
    }

    @Test
    void unknownVersionIsRejected() {
        edit(shard(1), file -> file.int32().setAttr("/", "version", 99));
        assertThatThrownBy(() -> ShardSet.open(fixture.out()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(shard(1) + ": found format version 99, expected 1");
    }

    @Test
    void shardOfAnotherSetIsRejected() {
        edit(shard(1), file -> file.string().setAttr("/", "fingerprint", "f".repeat(64)));
        assertThatThrownBy(() -> ShardSet.open(fixture.out()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(shard(1).toString())
                .hasMessageContaining("fingerprint");
    }

    @Test
    void truncatedShardIsRejectedWithItsName() throws IOException {
        byte[] whole = Files.readAllBytes(shard(1));
        Files.write(shard(1), java.util.Arrays.copyOf(whole, whole.length / 2));
        assertThatThrownBy(() -> ShardSet.open(fixture.out()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(shard(1).toString());
    }

    @Test
    void folderWithoutShardsSaysHowToPackThem() {
        assertThatThrownBy(() -> ShardSet.open(folder.resolve("images")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("'pack'");
    }

    @Test
    void indexBeyondTheEndIsRejected() {
        try (ShardSet shards = ShardSet.open(fixture.out())) {
            assertThatThrownBy(() -> shards.read(IMAGES)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void rawStoresLetterboxedPixels() throws IOException {
        PackFixture raw = new PackFixture(folder.resolve("raw"));
        raw.add("wide.png", ImageFileFixture.png(128, 64), "1,1,20,20,cat");
        PackFixture.pack(raw.options(0, ImageEncoding.RAW, 64, 2));
        try (ShardSet shards = ShardSet.open(raw.out())) {
            assertThat(shards.encoding()).isEqualTo(ImageEncoding.RAW);
            assertThat(shards.rawSize()).isEqualTo(64);
            byte[] pixels = shards.read(0).image();
            assertThat(pixels).hasSize(64 * 64 * 3);
            assertThat(pixelAt(pixels, 5, 15)).containsExactly(128, 128, 128);
            assertThat(pixelAt(pixels, 5, 16)).containsExactly(255, 0, 0);
            assertThat(pixelAt(pixels, 60, 20)).containsExactly(0, 0, 255);
            assertThat(pixelAt(pixels, 5, 48)).containsExactly(128, 128, 128);
            assertThat(shards.boxes(0).get(0).box().x2()).isEqualTo(20);
        }
    }

    private static int[] pixelAt(byte[] pixels, int x, int y) {
        int at = 3 * (64 * y + x);
        return new int[] {pixels[at] & 0xFF, pixels[at + 1] & 0xFF, pixels[at + 2] & 0xFF};
    }
}
