package yolompi.model.darknet;

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
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import yolompi.InputException;
import yolompi.io.AtomicFile;
import yolompi.model.Architecture;
import yolompi.model.LayerSpec;
import yolompi.model.Parameter.TensorName;

/**
 * Weights in the format of Darknet's {@code .weights} files.
 *
 * <p>The format (Darknet's parser.c, save_weights_upto and load_weights_upto) is little-endian:
 *
 * <ul>
 *   <li>int32 major, minor, revision;
 *   <li>number of images seen in training, as int64 if {@code 10 * major + minor >= 2} and both are
 *       below 1000, else as int32;
 *   <li>float32 values without gaps, layer by layer in the order of the {@code .cfg}. Only
 *       convolutions have values. With batch norm: bias (Darknet's biases), weight (Darknet's
 *       scales), running mean and running variance, {@code [out]} each. Without batch norm: biases
 *       {@code [out]}. Then the kernels {@code [out,in/groups,height,width]}.
 * </ul>
 *
 * <p>The file stores no names or sizes; only the {@code .cfg} gives the values a meaning. A file
 * may end after any layer, as files of backbones do.
 *
 * @param tensors whole layers, from the first layer on
 * @param values float32 of each tensor, little-endian and row by row, in the same order
 */
public record DarknetWeights(Header header, List<Entry> tensors, List<ByteBuffer> values) {
    private static final int BYTES_PER_WRITE = 1 << 20;

    /**
     * The header of a file.
     *
     * @param major with {@code minor}, the version of the format
     * @param seen number of images seen in training; Darknet's learning rate schedule resumes there
     */
    public record Header(int major, int minor, int revision, long seen) {
        /** Length of the shortest header. */
        static final int MIN_BYTES = 4 * Integer.BYTES;

        /** A header in the version that Darknet has written since 2018. */
        public static Header current(long seen) {
            return new Header(0, 2, 0, seen);
        }

        /** Whether {@code seen} has eight bytes; the condition of load_weights_upto. */
        private boolean isLong() {
            return 10L * major + minor >= 2 && major < 1000 && minor < 1000;
        }

        int byteCount() {
            return isLong() ? MIN_BYTES + Integer.BYTES : MIN_BYTES;
        }

        /** Reads a header from the start of a file and moves the position past it. */
        static Header read(ByteBuffer bytes) {
            Header version = new Header(bytes.getInt(), bytes.getInt(), bytes.getInt(), 0);
            long seen = version.isLong() ? bytes.getLong() : bytes.getInt();
            return new Header(version.major, version.minor, version.revision, seen);
        }

        byte[] toBytes() {
            ByteBuffer bytes = ByteBuffer.allocate(byteCount()).order(ByteOrder.LITTLE_ENDIAN);
            bytes.putInt(major).putInt(minor).putInt(revision);
            return (isLong() ? bytes.putLong(seen) : bytes.putInt((int) seen)).array();
        }
    }

    /**
     * A tensor in a file.
     *
     * @param layer number of its layer
     * @param name name in the network, such as {@code layers.0.conv.weight}
     * @param shape shape in the network; the file stores the values row by row
     */
    public record Entry(int layer, String name, List<Long> shape) {
        private static final List<TensorName> NORM =
                List.of(TensorName.SHIFT, TensorName.SCALE, TensorName.MEAN, TensorName.VARIANCE);

        /** All tensors of a network in the order of a file. */
        public static List<Entry> of(Architecture architecture) {
            return IntStream.range(0, architecture.layers().size())
                    .boxed()
                    .flatMap(layer -> architecture.layers().get(layer).asConvolution().stream()
                            .flatMap(convolution -> ofConvolution(layer, convolution)))
                    .toList();
        }

        private static Stream<Entry> ofConvolution(int layer, LayerSpec.Convolution convolution) {
            List<Long> channels = List.of((long) convolution.channels());
            List<Long> kernels =
                    LongStream.of(convolution.kernelShape()).boxed().toList();
            List<TensorName> before = convolution.batchNorm() ? NORM : List.of(TensorName.BIAS);
            return Stream.concat(
                    before.stream().map(name -> new Entry(layer, name.of(layer), channels)),
                    Stream.of(new Entry(layer, TensorName.KERNELS.of(layer), kernels)));
        }

        /** Number of values. */
        public long count() {
            return shape.stream().reduce(1L, Math::multiplyExact);
        }

        /** Size in the file, bytes. */
        public long bytes() {
            return Float.BYTES * count();
        }
    }

    public DarknetWeights {
        tensors = List.copyOf(tensors);
        values = List.copyOf(values);
    }

    /**
     * Reads a file for a network. The file is memory-mapped and must not change while its values
     * are in use.
     *
     * @throws InputException if the file can't be read, contains no layer, ends inside a layer,
     *     continues after the last layer, or has impossible values: infinite, NaN, negative
     *     variances
     */
    public static DarknetWeights read(Path file, Architecture architecture) {
        ByteBuffer bytes = map(file);
        if (bytes.remaining() < Header.MIN_BYTES + Integer.BYTES) {
            throw new InputException(
                    file + ": not Darknet weights: " + bytes.remaining() + " bytes; expected a header and numbers");
        }
        Header header = Header.read(bytes);
        if (!bytes.hasRemaining()) {
            throw new InputException(file + ": contains no layer: the file ends after its header");
        }
        List<Entry> held = held(file, architecture, bytes.remaining());
        List<ByteBuffer> values = new ArrayList<>();
        for (Entry tensor : held) {
            int length = (int) tensor.bytes();
            ByteBuffer numbers = bytes.slice(bytes.position(), length).order(ByteOrder.LITTLE_ENDIAN);
            refuseImpossible(file, architecture, tensor, numbers.asFloatBuffer());
            values.add(numbers);
            bytes.position(bytes.position() + length);
        }
        return new DarknetWeights(header, held, values);
    }

    /** Number of layers up to the last one that has values in the file. */
    public int layers() {
        return tensors.get(tensors.size() - 1).layer() + 1;
    }

    /** The values of each tensor, by its name. */
    public Map<String, ByteBuffer> byName() {
        Map<String, ByteBuffer> byName = new LinkedHashMap<>();
        for (int i = 0; i < tensors.size(); i++) {
            byName.put(tensors.get(i).name(), values.get(i).duplicate().order(ByteOrder.LITTLE_ENDIAN));
        }
        return byName;
    }

    /** Writes the file atomically. */
    public void write(Path file) throws IOException {
        AtomicFile.write(file, out -> {
            out.write(header.toBytes());
            WritableByteChannel channel = Channels.newChannel(out);
            for (ByteBuffer value : values) {
                writeFully(channel, value.duplicate());
            }
        });
    }

    /** In pieces, because the channel copies each piece into an array of its size. */
    private static void writeFully(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
        int end = bytes.limit();
        while (bytes.position() < end) {
            bytes.limit(bytes.position() + Math.min(BYTES_PER_WRITE, end - bytes.position()));
            channel.write(bytes);
        }
    }

    /** The tensors in a file with so many bytes after its header. */
    private static List<Entry> held(Path file, Architecture architecture, long bytes) {
        Map<Integer, List<Entry>> layers = new LinkedHashMap<>();
        Entry.of(architecture).forEach(tensor -> layers.computeIfAbsent(tensor.layer(), layer -> new ArrayList<>())
                .add(tensor));
        List<Entry> held = new ArrayList<>();
        long left = bytes;
        for (List<Entry> layer : layers.values()) {
            if (left == 0) {
                break;
            }
            long needed = layer.stream().mapToLong(Entry::bytes).sum();
            if (left < needed) {
                throw misfit(
                        file,
                        architecture,
                        "ends inside layer %d, which needs %,d numbers; only %s are left"
                                .formatted(layer.get(0).layer(), needed / Float.BYTES, numbers(left)));
            }
            held.addAll(layer);
            left -= needed;
        }
        if (left > 0) {
            throw misfit(file, architecture, "continues after the last layer with %s".formatted(numbers(left)));
        }
        return held;
    }

    private static void refuseImpossible(Path file, Architecture architecture, Entry tensor, FloatBuffer numbers) {
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
                "%s does not fit %s with %d classes: it %s. Was it made with another .cfg or number of classes?"
                        .formatted(
                                file,
                                architecture.source(),
                                architecture.heads().get(0).classes(),
                                problem));
    }

    private static ByteBuffer map(Path file) {
        if (Files.isDirectory(file)) {
            throw new InputException(file + ": is a folder; expected a Darknet weights file");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() > Integer.MAX_VALUE) {
                throw new InputException(file + ": too large for Darknet weights of a detector: " + channel.size()
                        + " bytes; expected less than 2 GiB");
            }
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()).order(ByteOrder.LITTLE_ENDIAN);
        } catch (NoSuchFileException e) {
            throw new InputException(file + ": no such file; expected Darknet weights", e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": can't be read: " + e.getMessage(), e);
        }
    }
}
