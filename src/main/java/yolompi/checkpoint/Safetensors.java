package yolompi.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import yolompi.InputException;

/**
 * Writes and reads safetensors files.
 *
 * <p>The format (https://github.com/huggingface/safetensors): the header's length in bytes as a
 * little-endian unsigned 64-bit integer; the header, a JSON object of tensor name → {@code
 * {"dtype", "shape", "data_offsets": [begin, end]}}, with a map of strings under
 * {@code __metadata__}, padded with spaces; then the tensors' bytes, little-endian, row-major,
 * without gaps.
 *
 * <p>This program adds checksums to the metadata, see {@link SafetensorsHeader}. It writes the
 * largest element types first, so that every tensor is aligned for its type.
 */
public final class Safetensors {
    static final String TEMPORARY_SUFFIX = ".tmp";

    /** Limit of the format. */
    private static final long MAX_HEADER_BYTES = 100_000_000;

    /** The JDK copies heap buffers through a direct buffer as large as a single write. */
    private static final int BYTES_PER_WRITE = 8 << 20;

    private Safetensors() {}

    /**
     * Writes a file atomically: under a temporary name, forced to disk, then renamed.
     *
     * @throws UncheckedIOException if the file system refuses, naming the file; no file is left
     *     behind
     */
    public static void write(Path file, Checkpoint checkpoint) {
        List<NamedTensor> tensors = new ArrayList<>(checkpoint.tensors());
        tensors.sort(Comparator.comparingInt(tensor -> -tensor.dtype().bytes()));
        Path temporary = file.resolveSibling(file.getFileName() + TEMPORARY_SUFFIX);
        try {
            writeWhole(temporary, SafetensorsHeader.encode(checkpoint.metadata(), tensors), tensors);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            temporary.toFile().delete();
            throw new UncheckedIOException(file + ": can't be written: " + e.getMessage(), e);
        }
        forceFolder(file.toAbsolutePath().getParent());
    }

    /**
     * Reads a complete file, and checks its header and checksums against its content.
     *
     * @return tensors in direct buffers, in the order of their data. If direct memory is too small
     *     they are memory-mapped: then the file must not change while they are used
     * @throws InputException if the file can't be read, is damaged, truncated, or not a safetensors
     *     file
     */
    public static Checkpoint read(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ObjectNode header = readHeader(file, channel);
            long dataStart = channel.position();
            Map<String, String> checksums = SafetensorsHeader.checksums(file.toString(), header);
            boolean mapped = !fitsDirectMemory(channel.size());
            List<NamedTensor> tensors = new ArrayList<>();
            for (SafetensorsHeader.Entry entry :
                    SafetensorsHeader.entries(file.toString(), header, channel.size() - dataStart)) {
                ByteBuffer bytes = mapped ? map(channel, dataStart, entry) : readBytes(channel, entry);
                NamedTensor tensor = new NamedTensor(entry.name(), entry.dtype(), entry.shape(), bytes);
                if (!checksums.isEmpty()) {
                    check(file, tensor, checksums.get(tensor.name()));
                }
                tensors.add(tensor);
            }
            return new Checkpoint(SafetensorsHeader.metadata(file.toString(), header), tensors);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /**
     * Reads only the metadata.
     *
     * @throws InputException if the file can't be read or is truncated, or if its header is
     *     damaged; damaged data is not detected
     */
    public static Map<String, String> readMetadata(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ObjectNode header = readHeader(file, channel);
            SafetensorsHeader.entries(file.toString(), header, channel.size() - channel.position());
            return SafetensorsHeader.metadata(file.toString(), header);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static void writeWhole(Path file, byte[] header, List<NamedTensor> tensors) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            writeFully(channel, length.putLong(header.length).flip());
            writeFully(channel, ByteBuffer.wrap(header));
            for (NamedTensor tensor : tensors) {
                writeFully(channel, tensor.bytes());
            }
            channel.force(true);
        }
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        int end = bytes.limit();
        while (bytes.position() < end) {
            bytes.limit(bytes.position() + Math.min(BYTES_PER_WRITE, end - bytes.position()));
            channel.write(bytes);
        }
    }

    /**
     * Makes the rename survive a power failure. File systems that can't open a folder don't support
     * this.
     */
    private static void forceFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            return;
        }
    }

    private static ObjectNode readHeader(Path file, FileChannel channel) throws IOException {
        long size = channel.size();
        if (size < 8) {
            throw new InputException(file + ": not a safetensors file: " + size + " bytes, expected at least 8");
        }
        ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        readFully(channel, length);
        long headerLength = length.getLong(0);
        long most = Math.min(MAX_HEADER_BYTES, size - 8);
        if (headerLength < 2 || headerLength > most) {
            throw new InputException(file + ": not a safetensors file, or truncated: header of "
                    + Long.toUnsignedString(headerLength) + " bytes, expected 2 to " + most);
        }
        ByteBuffer header = ByteBuffer.allocate((int) headerLength);
        readFully(channel, header);
        return SafetensorsHeader.parse(file.toString(), header.array());
    }

    /**
     * Whether Java's direct buffers may hold twice this size: two checkpoints may be in memory at
     * once. Their limit is the heap size unless an option sets another.
     */
    private static boolean fitsDirectMemory(long bytes) {
        long option = Long.parseLong(ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .getVMOption("MaxDirectMemorySize")
                .getValue());
        long most = option == 0 ? Runtime.getRuntime().maxMemory() : option;
        return 2 * bytes <= most;
    }

    private static ByteBuffer readBytes(FileChannel channel, SafetensorsHeader.Entry entry) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocateDirect((int) (entry.end() - entry.begin()));
        readFully(channel, bytes);
        return bytes.flip();
    }

    private static ByteBuffer map(FileChannel channel, long dataStart, SafetensorsHeader.Entry entry)
            throws IOException {
        return channel.map(FileChannel.MapMode.READ_ONLY, dataStart + entry.begin(), entry.end() - entry.begin());
    }

    private static void readFully(FileChannel channel, ByteBuffer into) throws IOException {
        while (into.hasRemaining()) {
            if (channel.read(into) < 0) {
                throw new EOFException("the file ends " + into.remaining() + " bytes early");
            }
        }
    }

    private static void check(Path file, NamedTensor tensor, String expected) {
        String found = SafetensorsHeader.crc32c(tensor);
        if (!found.equals(expected)) {
            throw new InputException(
                    "%s, tensor \"%s\": the data are damaged: CRC-32C %s, expected %s; use another checkpoint"
                            .formatted(file, tensor.name(), found, expected));
        }
    }

    private static InputException unreadable(Path file, IOException e) {
        if (Files.isDirectory(file)) {
            return new InputException(
                    file + ": found a folder, expected a checkpoint (.safetensors)" + bestOf(file), e);
        }
        return e instanceof NoSuchFileException
                ? new InputException(file + ": no such file; expected a checkpoint (.safetensors)", e)
                : new InputException(file + ": can't be read: " + e.getMessage(), e);
    }

    /** Users often pass the folder of a run instead of a checkpoint in it. */
    private static String bestOf(Path folder) {
        return Stream.of(folder.resolve("checkpoints"), folder)
                .map(place -> place.resolve(CheckpointStore.BEST))
                .filter(Files::exists)
                .findFirst()
                .map(best -> ", such as " + best)
                .orElse("");
    }
}
