package yolompi.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import yolompi.AtomicFile;
import yolompi.InputException;

/**
 * Weights as Darknet keeps them in {@code .weights} files.
 *
 * <p>The format (Darknet's parser.c, save_weights_upto and load_weights_upto), all little-endian: int32 major, minor, revision; the images
 * seen in training, as int64 where {@code 10 * major + minor >= 2} (and both are below 1000), else as int32; then float32 numbers without
 * gaps. The layers follow in the order of the {@code .cfg}, of which only convolutions have any: with batch norm its shift (Darknet's
 * biases), scale, running mean and running variance, otherwise the biases, {@code [out]} each; then the kernels
 * {@code [out,in/groups,height,width]}. No name or size is stored: the {@code .cfg} alone says what a number is. A file may end behind any
 * layer, as those of backbones do.
 *
 * @param tensors whole layers, from the first on
 * @param values float32 of each, little-endian and row by row, in the same order
 */
public record DarknetWeights(DarknetHeader header, List<DarknetTensor> tensors, List<ByteBuffer> values) {
    private static final int BYTES_PER_WRITE = 1 << 20;

    public DarknetWeights {
        tensors = List.copyOf(tensors);
        values = List.copyOf(values);
    }

    /**
     * Reads a file for a network. The values are not read into memory but mapped; the file must stay as it is while they are used.
     *
     * @throws InputException where the file can't be read, holds no layer, ends inside of one or goes on behind the last, or has numbers that no
     *     such network has: infinite ones, NaN, negative variances
     */
    public static DarknetWeights read(Path file, Architecture architecture) {
        ByteBuffer bytes = map(file);
        if (bytes.remaining() < DarknetHeader.LEAST_BYTES + Integer.BYTES) {
            throw new InputException(
                    file + ": no Darknet weights: " + bytes.remaining() + " bytes, expected a header and numbers");
        }
        DarknetHeader header = DarknetHeader.read(bytes);
        if (!bytes.hasRemaining()) {
            throw new InputException(file + ": holds no layer: it ends behind its header");
        }
        List<DarknetTensor> held = held(file, architecture, bytes.remaining());
        List<ByteBuffer> values = new ArrayList<>();
        for (DarknetTensor tensor : held) {
            int length = (int) tensor.bytes();
            ByteBuffer numbers = bytes.slice(bytes.position(), length).order(ByteOrder.LITTLE_ENDIAN);
            refuseImpossible(file, architecture, tensor, numbers.asFloatBuffer());
            values.add(numbers);
            bytes.position(bytes.position() + length);
        }
        return new DarknetWeights(header, held, values);
    }

    /** Number of layers up to the last one that it holds numbers of. */
    public int layers() {
        return tensors.get(tensors.size() - 1).layer() + 1;
    }

    /** The values of the tensors by their names. */
    public Map<String, ByteBuffer> byName() {
        Map<String, ByteBuffer> byName = new LinkedHashMap<>();
        for (int i = 0; i < tensors.size(); i++) {
            byName.put(tensors.get(i).name(), values.get(i).duplicate().order(ByteOrder.LITTLE_ENDIAN));
        }
        return byName;
    }

    /** Writes a file whole or not at all. */
    public void write(Path file) throws IOException {
        AtomicFile.write(file, out -> {
            out.write(header.toBytes());
            WritableByteChannel channel = Channels.newChannel(out);
            for (ByteBuffer value : values) {
                writeFully(channel, value.duplicate());
            }
        });
    }

    /** In pieces: the channel copies each into an array of its size. */
    private static void writeFully(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
        int end = bytes.limit();
        while (bytes.position() < end) {
            bytes.limit(bytes.position() + Math.min(BYTES_PER_WRITE, end - bytes.position()));
            channel.write(bytes);
        }
    }

    /** The tensors that a file of so many bytes behind its header holds. */
    private static List<DarknetTensor> held(Path file, Architecture architecture, long bytes) {
        Map<Integer, List<DarknetTensor>> layers = new LinkedHashMap<>();
        DarknetTensor.of(architecture)
                .forEach(tensor -> layers.computeIfAbsent(tensor.layer(), layer -> new ArrayList<>())
                        .add(tensor));
        List<DarknetTensor> held = new ArrayList<>();
        long left = bytes;
        for (List<DarknetTensor> layer : layers.values()) {
            if (left == 0) {
                break;
            }
            long needed = layer.stream().mapToLong(DarknetTensor::bytes).sum();
            if (left < needed) {
                throw misfit(
                        file,
                        architecture,
                        "ends in layer %d, which needs %,d numbers, and %s are left"
                                .formatted(layer.get(0).layer(), needed / Float.BYTES, numbers(left)));
            }
            held.addAll(layer);
            left -= needed;
        }
        if (left > 0) {
            throw misfit(file, architecture, "goes on behind the last layer, with %s".formatted(numbers(left)));
        }
        return held;
    }

    private static void refuseImpossible(
            Path file, Architecture architecture, DarknetTensor tensor, FloatBuffer numbers) {
        boolean variances = tensor.name().equals(TensorName.VARIANCE.of(tensor.layer()));
        while (numbers.hasRemaining()) {
            float number = numbers.get();
            if (!Float.isFinite(number) || (variances && number < 0)) {
                throw misfit(
                        file,
                        architecture,
                        "has %s in layer %d (%s), expected %s"
                                .formatted(
                                        number,
                                        tensor.layer(),
                                        tensor.name(),
                                        variances ? "variances of 0 or more" : "finite numbers"));
            }
        }
    }

    private static String numbers(long bytes) {
        return bytes % Float.BYTES == 0
                ? "%,d numbers".formatted(bytes / Float.BYTES)
                : "%,d numbers and %d bytes".formatted(bytes / Float.BYTES, bytes % Float.BYTES);
    }

    private static InputException misfit(Path file, Architecture architecture, String problem) {
        return new InputException(
                "%s does not fit %s with %d classes: it %s. Is it of another .cfg or number of classes?"
                        .formatted(
                                file,
                                architecture.source(),
                                architecture.heads().get(0).classes(),
                                problem));
    }

    private static ByteBuffer map(Path file) {
        if (Files.isDirectory(file)) {
            throw new InputException(file + ": is a folder; expected a file of Darknet weights");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() > Integer.MAX_VALUE) {
                throw new InputException(file + ": no Darknet weights of a detector: " + channel.size()
                        + " bytes, expected less than 2 GiB");
            }
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()).order(ByteOrder.LITTLE_ENDIAN);
        } catch (NoSuchFileException e) {
            throw new InputException(file + ": no such file; expected Darknet weights", e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": can't be read: " + e.getMessage(), e);
        }
    }
}
