package yolompi.data.shard;

import ch.systemsx.cisd.hdf5.HDF5Factory;
import ch.systemsx.cisd.hdf5.IHDF5Reader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import yolompi.InputException;
import yolompi.data.ImageEncoding;
import yolompi.data.shard.ShardWriter.ShardHeader;
import yolompi.data.shard.ShardWriter.ShardRecord;
import yolompi.geometry.Box;
import yolompi.geometry.LabeledBox;

/**
 * One open shard: its header and records in memory, its images on disk. The format is in
 * {@link ShardWriter}.
 */
final class ShardFile implements AutoCloseable {
    static {
        Hdf5Library.locate();
    }

    /** Guards HDF5, which is not thread-safe. */
    static final Object HDF5_LOCK = new Object();

    private final Path path;
    private final IHDF5Reader file;
    private final ShardHeader header;
    private final List<ShardRecord> records;
    private final long[] imageOffsets;
    private final int[] checksums;

    private ShardFile(Path path, IHDF5Reader file) {
        this.path = path;
        this.file = file;
        checkFormat();
        header = readHeader();
        records = readRecords(file.int32().getAttr("/", "recordCount"));
        imageOffsets = file.int64().readArray("imageOffsets");
        checksums = file.int32().readArray("checksums");
        checkLengths();
    }

    /**
     * Opens a shard and reads everything except its images.
     *
     * @throws InputException if the file is not a shard, has another version, or is damaged
     */
    static ShardFile open(Path path) {
        synchronized (HDF5_LOCK) {
            IHDF5Reader file = openHdf5(path);
            try {
                return new ShardFile(path, file);
            } catch (InputException known) {
                file.close();
                throw known;
            } catch (RuntimeException damaged) {
                file.close();
                throw new InputException(
                        path + ": the shard is damaged (" + damaged.getMessage() + "); copy it again, or pack again",
                        damaged);
            }
        }
    }

    private static IHDF5Reader openHdf5(Path path) {
        try {
            return HDF5Factory.openForReading(path.toFile());
        } catch (RuntimeException failure) {
            throw new InputException(
                    path + ": not a readable HDF5 file (" + failure.getMessage() + "); copy it again, or pack again",
                    failure);
        }
    }

    Path path() {
        return path;
    }

    ShardHeader header() {
        return header;
    }

    List<ShardRecord> records() {
        return records;
    }

    /**
     * Reads the image of a record and verifies its checksum.
     *
     * @throws InputException if the record is damaged; names file and record
     */
    byte[] readImage(int row) {
        byte[] image = readBytes(row);
        int checksum = records.get(row).checksum(image);
        if (checksum != checksums[row]) {
            throw new InputException(
                    "%s, record %d (image %s): found checksum %08x, expected %08x; copy the file again, or pack again"
                            .formatted(path, row, records.get(row).imageId(), checksum, checksums[row]));
        }
        return image;
    }

    private byte[] readBytes(int row) {
        int length = (int) (imageOffsets[row + 1] - imageOffsets[row]);
        synchronized (HDF5_LOCK) {
            try {
                return file.uint8().readArrayBlockWithOffset("images", length, imageOffsets[row]);
            } catch (RuntimeException failure) {
                throw new InputException(
                        "%s, record %d (image %s): cannot be read (%s); copy the file again, or pack again"
                                .formatted(path, row, records.get(row).imageId(), failure.getMessage()),
                        failure);
            }
        }
    }

    @Override
    public void close() {
        synchronized (HDF5_LOCK) {
            file.close();
        }
    }

    private void checkFormat() {
        boolean isShard = file.object().hasAttribute("/", "format")
                && file.string().getAttr("/", "format").equals(ShardWriter.FORMAT);
        if (!isShard) {
            throw new InputException(path + ": an HDF5 file, but 'pack' did not write it; move it elsewhere");
        }
        int version = file.int32().getAttr("/", "version");
        if (version != ShardWriter.VERSION) {
            throw new InputException("%s: found format version %d, expected %d; pack the data again with this program"
                    .formatted(path, version, ShardWriter.VERSION));
        }
    }

    private ShardHeader readHeader() {
        return new ShardHeader(
                ImageEncoding.valueOf(file.string().getAttr("/", "encoding")),
                file.int32().getAttr("/", "rawSize"),
                List.of(file.string().readArray("names")),
                Arrays.stream(file.int32().readArray("categoryIds")).boxed().toList(),
                file.string().getAttr("/", "fingerprint"),
                file.int32().getAttr("/", "shardIndex"),
                file.int32().getAttr("/", "shardCount"));
    }

    private List<ShardRecord> readRecords(int count) {
        String[] imageIds = file.string().readArray("imageIds");
        int[] widths = file.int32().readArray("widths");
        int[] heights = file.int32().readArray("heights");
        int[] boxOffsets = file.int32().readArray("boxOffsets");
        float[] corners = file.float32().readArray("boxes");
        int[] classes = file.int32().readArray("boxClasses");
        byte[] ignored = file.uint8().readArray("boxIgnored");
        List<ShardRecord> all = new ArrayList<>(count);
        for (int row = 0; row < count; row++) {
            List<LabeledBox> boxes = new ArrayList<>(boxOffsets[row + 1] - boxOffsets[row]);
            for (int i = boxOffsets[row]; i < boxOffsets[row + 1]; i++) {
                Box box = new Box(corners[4 * i], corners[4 * i + 1], corners[4 * i + 2], corners[4 * i + 3]);
                boxes.add(new LabeledBox(box, checkedClass(classes[i], row), ignored[i] != 0));
            }
            all.add(new ShardRecord(imageIds[row], widths[row], heights[row], List.copyOf(boxes)));
        }
        return List.copyOf(all);
    }

    private int checkedClass(int classId, int row) {
        int last = header.names().size() - 1;
        if (classId < 0 || classId > last) {
            throw new InputException("%s, record %d: class %d, but names has 0–%d; pack again with the right --names"
                    .formatted(path, row, classId, last));
        }
        return classId;
    }

    private void checkLengths() {
        long imageBytes = file.object().getDataSetInformation("images").getSize();
        boolean ordered = imageOffsets.length == records.size() + 1
                && checksums.length == records.size()
                && imageOffsets[records.size()] == imageBytes;
        for (int row = 0; ordered && row < records.size(); row++) {
            long length = imageOffsets[row + 1] - imageOffsets[row];
            ordered = length >= 0 && length <= Integer.MAX_VALUE;
        }
        if (!ordered) {
            throw new InputException(path + ": the shard's tables are inconsistent; copy it again, or pack again");
        }
    }
}
