package yolompi.model.darknet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import yolompi.InputException;
import yolompi.model.Architecture;
import yolompi.model.Network;
import yolompi.torch.LoadLibTorch;

@ExtendWith(LoadLibTorch.class)
final class DarknetWeightsTest {
    private static final Architecture ARCHITECTURE = ArchitectureReader.parse("a.cfg", """
            [net]
            [convolutional]
            batch_normalize=1
            filters=2
            size=1
            activation=leaky
            [maxpool]
            [convolutional]
            filters=6
            size=1
            activation=linear
            [yolo]
            anchors=1,1
            """, List.of(), 1);

    /**
     * Layer 0: four times two values of the batch norm and six of the kernels. Layer 2: six biases
     * and twelve values of the kernels.
     */
    private static final int NUMBERS = 14 + 18;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"0, 1, 0, 7, 16", "0, 2, 0, 5000000000, 20", "0, 2, 5, 9, 20", "1000, 2, 0, 3, 16", "2, 1000, 0, -3, 16"
    })
    void everyHeaderVersionIsReadAndWrittenUnchanged(int major, int minor, int revision, long seen, int bytes)
            throws IOException {
        Path file = file(new DarknetWeights.Header(major, minor, revision, seen), NUMBERS, 0);
        assertThat(file).hasSize(bytes + 4 * NUMBERS);

        DarknetWeights weights = DarknetWeights.read(file, ARCHITECTURE);
        weights.write(folder.resolve("again.weights"));

        assertThat(weights.header()).isEqualTo(new DarknetWeights.Header(major, minor, revision, seen));
        assertThat(folder.resolve("again.weights")).hasSameBinaryContentAs(file);
    }

    @Test
    void weightsAreInDarknetsOrder() throws IOException {
        DarknetWeights weights = DarknetWeights.read(file(DarknetWeights.Header.current(0), NUMBERS, 0), ARCHITECTURE);

        assertThat(weights.tensors().stream().map(DarknetWeights.Entry::name))
                .containsExactly(
                        "layers.0.norm.bias",
                        "layers.0.norm.weight",
                        "layers.0.norm.running_mean",
                        "layers.0.norm.running_var",
                        "layers.0.conv.weight",
                        "layers.2.conv.bias",
                        "layers.2.conv.weight");
        assertThat(floats(weights, "layers.0.norm.weight")).containsExactly(2f, 3f);
        assertThat(floats(weights, "layers.0.conv.weight")).containsExactly(8f, 9f, 10f, 11f, 12f, 13f);
        assertThat(floats(weights, "layers.2.conv.bias")).containsExactly(14f, 15f, 16f, 17f, 18f, 19f);
        assertThat(weights.layers()).isEqualTo(3);
    }

    @Test
    void namesAndShapesAreThoseOfTheNetwork() {
        Architecture tiny = ArchitectureReader.read("yolov3-tiny", List.of(), 3);
        Network network = new Network(tiny, 1);

        List<String> inNetwork = Stream.concat(network.parameters().stream(), network.buffers().stream())
                .map(parameter -> parameter.name() + " "
                        + IntStream.range(0, (int) parameter.tensor().dim())
                                .mapToObj(axis -> parameter.tensor().size(axis))
                                .toList())
                .toList();
        assertThat(DarknetWeights.Entry.of(tiny).stream().map(tensor -> tensor.name() + " " + tensor.shape()))
                .containsExactlyInAnyOrderElementsOf(inNetwork);
    }

    @Test
    void fileThatEndsAfterALayerHoldsTheLayersBefore() throws IOException {
        DarknetWeights weights = DarknetWeights.read(file(DarknetWeights.Header.current(0), 14, 0), ARCHITECTURE);

        assertThat(weights.layers()).isEqualTo(1);
        assertThat(weights.tensors()).hasSize(5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "31 | 0 | ends inside layer 2, which needs 18 numbers; only 17 numbers are left",
                "31 | 2 | ends inside layer 2, which needs 18 numbers; only 17 numbers and 2 bytes are left",
                "3  | 0 | ends inside layer 0, which needs 14 numbers; only 3 numbers are left",
                "40 | 0 | continues after the last layer with 8 numbers",
                "32 | 1 | continues after the last layer with 0 numbers and 1 bytes",
            })
    void fileOfAnotherSizeIsRejectedWithLayerAndCounts(int numbers, int bytes, String message) throws IOException {
        Path file = file(DarknetWeights.Header.current(0), numbers, bytes);

        assertThatThrownBy(() -> DarknetWeights.read(file, ARCHITECTURE))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(file + " does not fit a.cfg with 1 classes: it " + message);
    }

    @Test
    void headerOnlyFileHoldsNoLayer() throws IOException {
        Path file = file(DarknetWeights.Header.current(0), 0, 0);

        assertThatThrownBy(() -> DarknetWeights.read(file, ARCHITECTURE))
                .isInstanceOf(InputException.class)
                .hasMessage(file + ": contains no layer: the file ends after its header");
    }

    /** Positions 6 and 7 are variances, as in {@link #weightsAreInDarknetsOrder}. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7  | -1       | has -1.0 in layer 0 (layers.0.norm.running_var), expected variances of 0 or more",
                "6  | NaN      | has NaN in layer 0 (layers.0.norm.running_var), expected variances of 0 or more",
                "15 | Infinity | has Infinity in layer 2 (layers.2.conv.bias), expected finite numbers",
            })
    void impossibleWeightsAreRejectedWithTheLayer(int position, float number, String message) throws IOException {
        Path file = file(DarknetWeights.Header.current(0), NUMBERS, 0);
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(20 + Float.BYTES * position, number);
        Files.write(file, bytes);

        assertThatThrownBy(() -> DarknetWeights.read(file, ARCHITECTURE))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(message)
                .hasMessageEndingWith("Was it made with another .cfg or number of classes?");
    }

    @Test
    void folderIsRejected() {
        assertThatThrownBy(() -> DarknetWeights.read(folder, ARCHITECTURE))
                .isInstanceOf(InputException.class)
                .hasMessage(folder + ": is a folder; expected a Darknet weights file");
    }

    @Test
    void otherFilesAreRejected() throws IOException {
        Path empty = Files.write(folder.resolve("empty.weights"), new byte[12]);
        assertThatThrownBy(() -> DarknetWeights.read(empty, ARCHITECTURE))
                .isInstanceOf(InputException.class)
                .hasMessage(empty + ": not Darknet weights: 12 bytes; expected a header and numbers");
        assertThatThrownBy(() -> DarknetWeights.read(folder.resolve("gone"), ARCHITECTURE))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no such file");
    }

    /** A file with a header, the numbers 0, 1, 2 …, and some more bytes. */
    private Path file(DarknetWeights.Header header, int numbers, int bytes) throws IOException {
        byte[] head = header.toBytes();
        ByteBuffer all = ByteBuffer.allocate(head.length + 4 * numbers + bytes).order(ByteOrder.LITTLE_ENDIAN);
        all.put(head);
        IntStream.range(0, numbers).forEach(all::putFloat);
        return Files.write(folder.resolve("some.weights"), all.array());
    }

    private static List<Float> floats(DarknetWeights weights, String name) {
        ByteBuffer bytes = weights.byName().get(name);
        List<Float> floats = new ArrayList<>();
        while (bytes.hasRemaining()) {
            floats.add(bytes.getFloat());
        }
        return floats;
    }
}
