package yolompi.export;

import static org.assertj.core.api.Assertions.assertThat;
import static yolompi.export.ReferenceOutputs.assertClose;
import static yolompi.export.ReferenceOutputs.assertDetection;
import static yolompi.export.ReferenceOutputs.assertSameDetections;
import static yolompi.export.ReferenceOutputs.detections;
import static yolompi.export.ReferenceOutputs.input;
import static yolompi.export.ReferenceOutputs.noise;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.data.Bccd;
import yolompi.data.PackedShapes;
import yolompi.detect.Detection;
import yolompi.export.ExportedModel.Shape;
import yolompi.export.ExportedModel.Suppression;
import yolompi.export.OpenedModel.Output;
import yolompi.model.Activation;
import yolompi.model.Network;
import yolompi.torch.LoadLibTorch;

/** Tests that every format must pass: an exported file gives the same detections as its network. */
@ExtendWith(LoadLibTorch.class)
abstract class ExportContract {
    private static final int CELLS = 6;
    private static final String FIRST = "[convolutional]~batch_normalize=1~filters=4~size=3~pad=1~activation=leaky~";
    private static final String HEAD =
            "~[convolutional]~activation=linear~[yolo]~mask=1,2~anchors=4,6, 9,7, 20,30~num=3";

    @TempDir
    Path folder;

    private final ExportFormat format;

    ExportContract(ExportFormat format) {
        this.format = format;
    }

    /** Opens a file in the program that it is for. */
    abstract OpenedModel open(Path file);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[convolutional]~filters=6~size=3~pad=1~stride=2~activation=leaky",
                "[convolutional]~filters=6~size=1~activation=linear",
                "[convolutional]~batch_normalize=1~filters=8~size=3~pad=1~groups=2~activation=leaky",
                "[convolutional]~filters=6~size=3~pad=1~dilation=2~activation=leaky",
                "[convolutional]~filters=6~size=6~stride=2~padding=2~activation=leaky",
                "[maxpool]~size=2~stride=2~[upsample]~stride=2",
                "[upsample]~stride=1~scale=0.5",
                "[maxpool]~size=3~stride=3~[upsample]~stride=3~scale=2",
                "[route]~layers=-1",
                "[route]~layers=-1~groups=2~group_id=1",
                "[convolutional]~filters=6~activation=relu~[route]~layers=-1,0~groups=2~group_id=0",
                "[convolutional]~filters=4~activation=relu~[shortcut]~from=0~activation=linear",
                "[convolutional]~filters=4~activation=relu~[shortcut]~from=0,-1~activation=leaky",
            })
    void everyLayerGivesTheOutputOfTheNetwork(String layer) throws IOException {
        assertSameOnNoise(RandomNetworks.ofLayers(FIRST + layer + HEAD, 2), 2);
    }

    @ParameterizedTest
    @CsvSource({
        "2, 2, 1",
        "2, 1, 1",
        "3, 2, 2",
        "3, 1, 2",
        "3, 3, 2",
        "5, 1, 4",
        "13, 1, 12",
        "4, 2, 3",
        "5, 3, 4",
        "2, 2, 0",
        "3, 2, 1",
        "5, 2, 3",
        "4, 1, 3",
        "1, 2, 0"
    })
    void maxPoolHasThePaddingOfTheNetwork(int window, int stride, int padding) throws IOException {
        String pool = "[maxpool]~size=%d~stride=%d~padding=%d".formatted(window, stride, padding);

        assertSameOnNoise(RandomNetworks.ofLayers(FIRST + pool + HEAD, 1), 1);
    }

    @ParameterizedTest
    @EnumSource
    void everyActivationGivesTheOutputOfTheNetwork(Activation activation) throws IOException {
        String layers = "[convolutional]~filters=8~size=3~pad=1~activation=" + activation.text();

        assertSameOnNoise(RandomNetworks.ofLayers(layers + HEAD + "~scale_x_y=1.2", 3), 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"yolov3-tiny", "yolov3-spp"})
    void exportedBuiltInNetworkGivesTheOutputOfTheNetwork(String name) throws IOException {
        try (PointerScope scope = new PointerScope()) {
            Network network = RandomNetworks.builtIn(name, 3);
            assertSame(network, OptionalInt.of(1), noise(1, 96), 1, 96);
        }
    }

    @Test
    void dynamicBatchAcceptsAnyNumberOfImages() throws IOException {
        Network network = RandomNetworks.builtIn("yolov3-tiny", 2);
        Path file = export(network, OptionalInt.empty(), 64, Optional.empty());

        try (OpenedModel model = open(file)) {
            for (int count : new int[] {1, 3}) {
                float[] images = noise(count, 64);
                assertClose(model.run(images, count, 64), network, images, count, 64);
            }
        }
    }

    @Test
    void drawnShapesGiveTheDetectionsOfDetector() throws Exception {
        PackedShapes shapes = PackedShapes.in(folder, 3, 1);
        List<Path> images = IntStream.range(0, 4).mapToObj(shapes::picture).toList();

        assertSameOnImages(RandomNetworks.builtIn("yolov3-tiny", 3), images, 96);
    }

    @Test
    void photosGiveTheDetectionsOfDetector() throws Exception {
        try (Stream<Path> files = Files.list(Bccd.folder().resolve("JPEGImages"))) {
            List<Path> images = files.sorted().limit(3).toList();
            assertSameOnImages(RandomNetworks.builtIn("yolov3-tiny", 3), images, 160);
        }
    }

    /** All scores are equal, and boxes of neighboring cells overlap. */
    @Test
    void equalScoresHaveTheOrderOfDetector() throws IOException {
        Network network = RandomNetworks.ofLayers("[maxpool]~size=8~stride=8" + HEAD, 2);
        try (NoGradGuard constant = new NoGradGuard()) {
            network.parameters().forEach(parameter -> parameter.tensor().zero_());
        }
        byte[] pixels = new byte[2 * 32 * 32 * 3];

        for (int most : new int[] {1, 5, 300}) {
            Suppression rule = new Suppression(0.2, 0.3, most);
            List<List<Detection>> expected = detections(network, pixels, 2, 32, rule);
            Output found = detect(network, OptionalInt.of(2), pixels, 2, 32, rule);

            assertThat(expected.get(0)).hasSizeBetween(1, most);
            assertThat(found.shape()).containsExactly(expected.get(0).size() * 2L, Shape.DETECTION);
            for (int i = 0; i < found.shape()[0]; i++) {
                Detection detection = expected.get(i / expected.get(0).size())
                        .get(i % expected.get(0).size());
                assertDetection(found.values(), i, i / expected.get(0).size(), detection);
            }
        }
    }

    @Test
    void noDetectionsGiveAnEmptyTable() throws IOException {
        Network network = RandomNetworks.ofLayers(FIRST + "[maxpool]~size=8~stride=8" + HEAD, 2);

        Output found = detect(network, OptionalInt.of(1), new byte[32 * 32 * 3], 1, 32, new Suppression(1, 0.5, 10));

        assertThat(found.shape()).containsExactly(0, Shape.DETECTION);
    }

    @Test
    void sameModelGivesTheSameFile() throws IOException {
        Network network = RandomNetworks.ofLayers(FIRST + HEAD.substring(1), 1);

        byte[] first = Files.readAllBytes(export(network, OptionalInt.of(1), 8, Optional.empty()));
        byte[] second = Files.readAllBytes(export(network, OptionalInt.of(1), 8, Optional.empty()));

        assertThat(first).isEqualTo(second);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).as("files without temporary ones").hasSize(1);
        }
    }

    /** Exports a model with classes {@code class0 …} to the test's folder. */
    final Path export(Network network, OptionalInt batch, int size, Optional<Suppression> suppression)
            throws IOException {
        Shape shape = Shape.of(network.architecture(), batch, size);
        List<String> names =
                IntStream.range(0, shape.classes()).mapToObj(id -> "class" + id).toList();
        Path file = folder.resolve("model." + format);
        format.write(new ExportedModel(network, names, "a.safetensors", shape, suppression), file);
        return file;
    }

    private void assertSameOnNoise(Network network, int count) throws IOException {
        int size = CELLS * network.architecture().largestStride();
        assertSame(network, OptionalInt.of(count), noise(count, size), count, size);
    }

    private void assertSame(Network network, OptionalInt batch, float[] images, int count, int size)
            throws IOException {
        try (OpenedModel model = open(export(network, batch, size, Optional.empty()))) {
            assertClose(model.run(images, count, size), network, images, count, size);
        }
    }

    private void assertSameOnImages(Network network, List<Path> images, int size) throws Exception {
        byte[] pixels = LetterboxedFiles.letterboxed(images, size);
        Suppression rule = new Suppression(0.3, 0.45, 300);

        assertSame(network, OptionalInt.empty(), input(pixels, images.size(), size), images.size(), size);
        List<List<Detection>> expected = detections(network, pixels, images.size(), size, rule);
        Output found = detect(network, OptionalInt.empty(), pixels, images.size(), size, rule);

        assertThat(expected).as("detections of each image").allMatch(detections -> detections.size() > 2);
        assertThat(found.shape()[0])
                .isEqualTo(expected.stream().mapToInt(List::size).sum());
        for (int image = 0; image < expected.size(); image++) {
            assertSameDetections(found.values(), image, expected.get(image));
        }
    }

    private Output detect(Network network, OptionalInt batch, byte[] pixels, int count, int size, Suppression rule)
            throws IOException {
        try (OpenedModel model = open(export(network, batch, size, Optional.of(rule)))) {
            List<Output> outputs = model.run(input(pixels, count, size), count, size);
            assertThat(outputs).hasSize(1);
            return outputs.get(0);
        }
    }
}
