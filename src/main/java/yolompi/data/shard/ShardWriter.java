package yolompi.data.shard;

import ch.systemsx.cisd.hdf5.HDF5Factory;
import ch.systemsx.cisd.hdf5.HDF5FloatStorageFeatures;
import ch.systemsx.cisd.hdf5.HDF5GenericStorageFeatures;
import ch.systemsx.cisd.hdf5.HDF5IntStorageFeatures;
import ch.systemsx.cisd.hdf5.IHDF5Writer;
import ch.systemsx.cisd.hdf5.IHDF5WriterConfigurator.SyncMode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;
import yolompi.data.ImageEncoding;
import yolompi.geometry.Box;
import yolompi.geometry.LabeledBox;

/**
 * Writes one shard: an HDF5 file with N records, M boxes and C classes.
 *
 * <p>Attributes of the root group:
 *
 * <table>
 * <caption>Attributes of a shard</caption>
 * <tr><td>{@code format}</td><td>string</td><td>{@value #FORMAT}</td></tr>
 * <tr><td>{@code version}</td><td>int32</td><td>{@value #VERSION}; readers reject any
 *   other</td></tr>
 * <tr><td>{@code encoding}</td><td>string</td><td>{@code JPEG}: the unchanged bytes of the image
 *   file, in any format; {@code RAW}: uint8 {@code [S,S,3]}, RGB, letterboxed, padding
 *   128</td></tr>
 * <tr><td>{@code rawSize}</td><td>int32</td><td>S in pixels; 0 for {@code JPEG}</td></tr>
 * <tr><td>{@code recordCount}</td><td>int32</td><td>N</td></tr>
 * <tr><td>{@code shardIndex}</td><td>int32</td><td>from 0</td></tr>
 * <tr><td>{@code shardCount}</td><td>int32</td><td>number of shards in the set</td></tr>
 * <tr><td>{@code fingerprint}</td><td>string</td><td>SHA-256 of the whole set, equal in all its
 *   shards ({@code yolompi.pack.Fingerprint})</td></tr>
 * </table>
 *
 * <p>Data sets, all one-dimensional and contiguous:
 *
 * <table>
 * <caption>Data sets of a shard</caption>
 * <tr><td>{@code names}</td><td>UTF-8 string [C]</td><td>class names, in the order of class
 *   ids</td></tr>
 * <tr><td>{@code categoryIds}</td><td>int32 [C]</td><td>category id of each class in COCO
 *   results</td></tr>
 * <tr><td>{@code imageIds}</td><td>UTF-8 string [N]</td><td></td></tr>
 * <tr><td>{@code widths}, {@code heights}</td><td>int32 [N]</td><td>of the upright original image,
 *   pixels</td></tr>
 * <tr><td>{@code imageOffsets}</td><td>int64 [N+1]</td><td>record i has bytes
 *   {@code imageOffsets[i]} to {@code imageOffsets[i+1]} − 1</td></tr>
 * <tr><td>{@code images}</td><td>uint8 [imageOffsets[N]]</td><td>all images, one after the
 *   other</td></tr>
 * <tr><td>{@code boxOffsets}</td><td>int32 [N+1]</td><td>record i has boxes {@code boxOffsets[i]}
 *   to {@code boxOffsets[i+1]} − 1</td></tr>
 * <tr><td>{@code boxes}</td><td>float32 [4M]</td><td>x1, y1, x2, y2, pixels of the upright original
 *   image</td></tr>
 * <tr><td>{@code boxClasses}</td><td>int32 [M]</td><td>from 0</td></tr>
 * <tr><td>{@code boxIgnored}</td><td>uint8 [M]</td><td>1 for crowds and difficult objects</td></tr>
 * <tr><td>{@code checksums}</td><td>int32 [N]</td><td>CRC-32 over image bytes, image id (UTF-8),
 *   width, height (int32), and for each box its corners (float32), class (int32) and ignored flag
 *   (uint8); numbers big-endian</td></tr>
 * </table>
 *
 * <p>The same records give the same file, byte for byte.
 */
public final class ShardWriter implements AutoCloseable {
    static {
        Hdf5Library.locate();
    }

    static final String FORMAT = "yolo-mpi shard";
    static final int VERSION = 1;

    /**
     * The header of a shard: describes the shard and its set.
     *
     * @param rawSize edge S of the stored square, pixels; 0 for JPEG
     * @param categoryIds category id of each class in COCO results
     * @param fingerprint SHA-256 of the whole data set, 64 hexadecimal digits
     * @param shardIndex from 0
     * @param shardCount number of shards in the set
     */
    public record ShardHeader(
            ImageEncoding encoding,
            int rawSize,
            List<String> names,
            List<Integer> categoryIds,
            String fingerprint,
            int shardIndex,
            int shardCount) {}

    /** A record of a shard without its image bytes. */
    public record ShardRecord(String imageId, int width, int height, List<LabeledBox> boxes) {
        /**
         * CRC-32 over the image bytes and all fields of this record, as the file format
         * specifies.
         */
        int checksum(byte[] image) {
            byte[] id = imageId.getBytes(StandardCharsets.UTF_8);
            ByteBuffer facts = ByteBuffer.allocate(id.length + 8 + 21 * boxes.size());
            facts.put(id).putInt(width).putInt(height);
            for (LabeledBox box : boxes) {
                facts.putFloat(box.box().x1()).putFloat(box.box().y1());
                facts.putFloat(box.box().x2()).putFloat(box.box().y2());
                facts.putInt(box.classId()).put((byte) (box.ignored() ? 1 : 0));
            }
            CRC32 crc = new CRC32();
            crc.update(image);
            crc.update(facts.flip());
            return (int) crc.getValue();
        }
    }

    private final IHDF5Writer file;
    private final List<ShardRecord> records;
    private final long[] imageOffsets;
    private final int[] checksums;
    private int written;

    /**
     * Creates the file of a shard.
     *
     * @param byteCounts length of the image of each record
     */
    public ShardWriter(Path path, ShardHeader header, List<ShardRecord> records, int[] byteCounts) {
        this.records = records;
        imageOffsets = new long[records.size() + 1];
        checksums = new int[records.size()];
        for (int row = 0; row < byteCounts.length; row++) {
            imageOffsets[row + 1] = imageOffsets[row] + byteCounts[row];
        }
        synchronized (ShardFile.HDF5_LOCK) {
            createDataSets(path, header.names());
            file = HDF5Factory.configure(path.toFile())
                    .dontUseExtendableDataTypes()
                    .keepDataSetsIfTheyExist()
                    .useUTF8CharacterEncoding()
                    .syncMode(SyncMode.SYNC)
                    .writer();
            writeHeader(header);
            writeRecords();
        }
    }

    private void createDataSets(Path path, List<String> names) {
        int boxes = records.stream().mapToInt(record -> record.boxes().size()).sum();
        List<String> imageIds = records.stream().map(ShardRecord::imageId).toList();
        try (ShardSkeleton skeleton = ShardSkeleton.create(path)) {
            skeleton.text("names", names.size(), longest(names))
                    .int32("categoryIds", names.size())
                    .text("imageIds", records.size(), longest(imageIds))
                    .int32("widths", records.size())
                    .int32("heights", records.size())
                    .int64("imageOffsets", records.size() + 1L)
                    .int32("boxOffsets", records.size() + 1L)
                    .float32("boxes", 4L * boxes)
                    .int32("boxClasses", boxes)
                    .uint8("boxIgnored", boxes)
                    .uint8("images", imageOffsets[records.size()])
                    .int32("checksums", records.size());
        }
    }

    private static int longest(List<String> texts) {
        return texts.stream()
                .mapToInt(text -> text.getBytes(StandardCharsets.UTF_8).length)
                .max()
                .orElse(1);
    }

    /** Appends the image of the next record. */
    public void append(byte[] image) {
        if (image.length != imageOffsets[written + 1] - imageOffsets[written]) {
            throw new IllegalArgumentException("record %d: found %d bytes, expected %d"
                    .formatted(written, image.length, imageOffsets[written + 1] - imageOffsets[written]));
        }
        checksums[written] = records.get(written).checksum(image);
        synchronized (ShardFile.HDF5_LOCK) {
            file.uint8().writeArrayBlockWithOffset("images", image, image.length, imageOffsets[written]);
        }
        written++;
    }

    /** Completes the file. Until then it is not a valid shard. */
    @Override
    public void close() {
        synchronized (ShardFile.HDF5_LOCK) {
            if (written == records.size()) {
                file.int32().writeArray("checksums", checksums, HDF5IntStorageFeatures.INT_CONTIGUOUS);
            }
            file.close();
        }
    }

    private void writeHeader(ShardHeader header) {
        file.string().setAttr("/", "format", FORMAT);
        file.int32().setAttr("/", "version", VERSION);
        file.string().setAttr("/", "encoding", header.encoding().name());
        file.int32().setAttr("/", "rawSize", header.rawSize());
        file.int32().setAttr("/", "recordCount", records.size());
        file.int32().setAttr("/", "shardIndex", header.shardIndex());
        file.int32().setAttr("/", "shardCount", header.shardCount());
        file.string().setAttr("/", "fingerprint", header.fingerprint());
        writeStrings("names", header.names());
        writeInts(
                "categoryIds", header.categoryIds().stream().mapToInt(id -> id).toArray());
    }

    private void writeRecords() {
        writeStrings("imageIds", records.stream().map(ShardRecord::imageId).toList());
        writeInts("widths", records.stream().mapToInt(ShardRecord::width).toArray());
        writeInts("heights", records.stream().mapToInt(ShardRecord::height).toArray());
        file.int64().writeArray("imageOffsets", imageOffsets, HDF5IntStorageFeatures.INT_CONTIGUOUS);

        List<LabeledBox> boxes =
                records.stream().flatMap(record -> record.boxes().stream()).toList();
        int[] boxOffsets = new int[records.size() + 1];
        for (int row = 0; row < records.size(); row++) {
            boxOffsets[row + 1] = boxOffsets[row] + records.get(row).boxes().size();
        }
        float[] corners = new float[4 * boxes.size()];
        byte[] ignored = new byte[boxes.size()];
        for (int i = 0; i < boxes.size(); i++) {
            Box box = boxes.get(i).box();
            corners[4 * i] = box.x1();
            corners[4 * i + 1] = box.y1();
            corners[4 * i + 2] = box.x2();
            corners[4 * i + 3] = box.y2();
            ignored[i] = (byte) (boxes.get(i).ignored() ? 1 : 0);
        }
        writeInts("boxOffsets", boxOffsets);
        file.float32().writeArray("boxes", corners, HDF5FloatStorageFeatures.FLOAT_CONTIGUOUS);
        writeInts("boxClasses", boxes.stream().mapToInt(LabeledBox::classId).toArray());
        file.uint8().writeArray("boxIgnored", ignored, HDF5IntStorageFeatures.INT_CONTIGUOUS_UNSIGNED);
    }

    private void writeInts(String name, int[] values) {
        file.int32().writeArray(name, values, HDF5IntStorageFeatures.INT_CONTIGUOUS);
    }

    private void writeStrings(String name, List<String> values) {
        file.string().writeArray(name, values.toArray(new String[0]), HDF5GenericStorageFeatures.GENERIC_CONTIGUOUS);
    }

    /** Returns the file name of a shard. */
    public static String shardName(int index) {
        return "shard-%05d.h5".formatted(index);
    }
}
