package yolompi.data.shard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import yolompi.InputException;
import yolompi.data.ImageEncoding;
import yolompi.data.Sample;
import yolompi.data.SampleSource;
import yolompi.data.shard.ShardWriter.ShardHeader;
import yolompi.data.shard.ShardWriter.ShardRecord;
import yolompi.geometry.LabeledBox;

/**
 * All shards of a packed data set, opened for reading. Sizes and boxes are in memory; image bytes
 * are read on demand. Thread-safe.
 */
public final class ShardSet implements SampleSource, AutoCloseable {
    private final List<ShardFile> shards;
    private final ShardHeader header;
    private final ShardRows rows;

    /** Maps the index of a sample in the set to shard and row. */
    public static final class ShardRows {
        /** First index of each shard, followed by the size of the set. */
        private final int[] starts;

        /** The place of a sample. */
        public record Position(int shard, int row) {}

        public ShardRows(List<Integer> recordCounts) {
            starts = new int[recordCounts.size() + 1];
            for (int shard = 0; shard < recordCounts.size(); shard++) {
                starts[shard + 1] = Math.addExact(starts[shard], recordCounts.get(shard));
            }
        }

        public int size() {
            return starts[starts.length - 1];
        }

        public int firstOf(int shard) {
            return starts[shard];
        }

        public Position of(int index) {
            if (index < 0 || index >= size()) {
                throw new IndexOutOfBoundsException("sample " + index + " of " + size());
            }
            int found = Arrays.binarySearch(starts, index);
            int shard = found >= 0 ? found : -found - 2;
            return new Position(shard, index - starts[shard]);
        }
    }

    private ShardSet(List<ShardFile> shards) {
        this.shards = shards;
        header = shards.get(0).header();
        rows = new ShardRows(recordCounts());
    }

    /**
     * Opens the shards of a folder that {@code pack} wrote and checks that they form one complete
     * set.
     *
     * @throws InputException if a shard is missing, damaged, or of another version or set; names
     *     the file
     */
    public static ShardSet open(Path directory) {
        List<ShardFile> shards = new ArrayList<>();
        try {
            for (Path file : shardFiles(directory)) {
                shards.add(ShardFile.open(file));
            }
            checkSameSet(shards);
            checkComplete(directory, shards);
            return new ShardSet(List.copyOf(shards));
        } catch (RuntimeException failure) {
            shards.forEach(ShardFile::close);
            throw failure;
        }
    }

    private static List<Path> shardFiles(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new InputException(
                    directory + ": no such folder, expected a folder with shards; create it with 'pack'");
        }
        try (var files = Files.list(directory)) {
            List<Path> shards = files.filter(file -> file.toString().endsWith(".h5"))
                    .sorted()
                    .toList();
            if (shards.isEmpty()) {
                throw new InputException(directory + ": found no shards (*.h5); " + remedy(directory));
            }
            return shards;
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot list " + directory, failure);
        }
    }

    /**
     * Users easily name the parent of the training and validation folders instead of one of them.
     */
    private static String remedy(Path directory) throws IOException {
        try (var shards = Files.find(directory, 2, (file, is) -> file.toString().endsWith(".h5"))) {
            List<String> folders = shards.map(file -> file.getParent().toString())
                    .distinct()
                    .sorted()
                    .toList();
            return folders.isEmpty()
                    ? "create them with 'pack'"
                    : "there are shards in " + String.join(", ", folders) + "; name one of these";
        }
    }

    private static void checkSameSet(List<ShardFile> shards) {
        ShardFile first = shards.get(0);
        for (ShardFile shard : shards) {
            expectSame(
                    shard,
                    "fingerprint",
                    shard.header().fingerprint(),
                    first.header().fingerprint(),
                    first);
            expectSame(shard, "names", shard.header().names(), first.header().names(), first);
            expectSame(
                    shard,
                    "shard count",
                    shard.header().shardCount(),
                    first.header().shardCount(),
                    first);
        }
    }

    private static void expectSame(ShardFile shard, String what, Object found, Object expected, ShardFile first) {
        if (!found.equals(expected)) {
            throw new InputException(
                    "%s: found %s %s, expected %s as in %s; pack each data set into an empty folder of its own"
                            .formatted(
                                    shard.path(),
                                    what,
                                    found,
                                    expected,
                                    first.path().getFileName()));
        }
    }

    private static void checkComplete(Path directory, List<ShardFile> shards) {
        int expected = shards.get(0).header().shardCount();
        for (int index = 0; index < Math.max(expected, shards.size()); index++) {
            int found = index < shards.size() ? shards.get(index).header().shardIndex() : expected;
            if (found != index) {
                throw new InputException(
                        "%s: shard %s is missing, found %d of %d shards; copy the folder again, or pack again"
                                .formatted(directory, ShardWriter.shardName(index), shards.size(), expected));
            }
        }
    }

    @Override
    public int size() {
        return rows.size();
    }

    @Override
    public Sample read(int index) {
        ShardRows.Position at = rows.of(index);
        ShardFile shard = shards.get(at.shard());
        ShardRecord record = shard.records().get(at.row());
        byte[] image = shard.readImage(at.row());
        return new Sample(
                index, record.imageId(), record.width(), record.height(), header.encoding(), image, record.boxes());
    }

    /** Class names, in the order of class ids. */
    public List<String> names() {
        return header.names();
    }

    /** Category id of each class in COCO results. */
    public List<Integer> categoryIds() {
        return header.categoryIds();
    }

    /**
     * SHA-256 of the data set, 64 hexadecimal digits. The same on every machine and for every shard
     * size.
     */
    public String fingerprint() {
        return header.fingerprint();
    }

    public ImageEncoding encoding() {
        return header.encoding();
    }

    /** Edge of the stored squares, pixels; 0 if the encoding is JPEG. */
    public int rawSize() {
        return header.rawSize();
    }

    public int shardCount() {
        return shards.size();
    }

    /** Number of records in each shard. */
    public List<Integer> recordCounts() {
        return shards.stream().map(shard -> shard.records().size()).toList();
    }

    /** The files of the shards. */
    public List<Path> files() {
        return shards.stream().map(ShardFile::path).toList();
    }

    /** The image's id in the source data set. */
    public String imageId(int index) {
        return record(index).imageId();
    }

    /** Width of the upright original image, pixels. */
    public int width(int index) {
        return record(index).width();
    }

    /** Height of the upright original image, pixels. */
    public int height(int index) {
        return record(index).height();
    }

    /** Ground-truth boxes, in pixels of the upright original image; reads nothing from disk. */
    public List<LabeledBox> boxes(int index) {
        return record(index).boxes();
    }

    private ShardRecord record(int index) {
        ShardRows.Position at = rows.of(index);
        return shards.get(at.shard()).records().get(at.row());
    }

    /**
     * Reads every record and verifies its checksum.
     *
     * @param progress receives the number of verified records after each record
     * @throws InputException if a record is damaged; names the first damaged shard and record
     */
    public void verify(IntConsumer progress) {
        for (int index = 0; index < size(); index++) {
            read(index);
            progress.accept(index + 1);
        }
    }

    @Override
    public void close() {
        shards.forEach(ShardFile::close);
    }
}
