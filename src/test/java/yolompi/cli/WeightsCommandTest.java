package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import yolompi.checkpoint.NamedTensor;
import yolompi.checkpoint.Safetensors;
import yolompi.torch.LoadLibTorch;
import yolompi.torch.Tensors;
import yolompi.weights.TrainedModel;

/** The commands {@code weights} and {@code model}. */
@ExtendWith(LoadLibTorch.class)
class WeightsCommandTest {
    private static final int TINY_NUMBERS = 8_858_734; // parameters and running statistics, 80 classes
    private static final int HEADER = 20;

    @TempDir
    private Path folder;

    private String errors = "";
    private String printed = "";

    @Test
    void importedWeightsAreExportedByteByByte() throws IOException {
        Path darknet = weights(TINY_NUMBERS);

        assertThat(run("weights import --cfg yolov3-tiny --size 320", darknet, "--out", checkpoint()))
                .isZero();
        assertThat(printed).startsWith("all 24 layers, 80 classes, 320 pixels, in ");
        assertThat(run("weights export --weights", checkpoint(), "--out", folder.resolve("again.weights")))
                .isZero();

        assertThat(folder.resolve("again.weights")).hasSameBinaryContentAs(darknet);
        assertThat(printed)
                .isEqualToIgnoringNewLines("layers 0-23 in %s, of the network in %s"
                        .formatted(folder.resolve("again.weights"), folder.resolve("again.cfg")));
        assertThat(folder.resolve("again.cfg")).content().contains("width=320", "height=320", "classes=80");
        TrainedModel model = TrainedModel.load(checkpoint());
        assertThat(model.names()).hasSize(80).startsWith("class0").endsWith("class79");
        assertThat(model.recipe().data().size()).isEqualTo(320);
        float[] first = Tensors.toFloats(model.network().parameters().get(0).tensor());
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(darknet)).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < first.length; i++) {
            assertThat(first[i])
                    .isEqualTo(file.getFloat(HEADER + 4 * (4 * 16 + i))); // after the batch norm of the 16 channels
        }
    }

    /** By default, Java limits direct memory to a quarter of the machine's memory. */
    @Tag("program")
    @Test
    void exportReadsACheckpointLargerThanJavaMemory() throws Exception {
        assertThat(run("weights import --cfg yolov3-tiny", weights(TINY_NUMBERS), "--out", checkpoint()))
                .isZero();
        Process small = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:MaxDirectMemorySize=8m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "weights",
                        "export",
                        "--weights",
                        checkpoint().toString(),
                        "--out",
                        folder.resolve("small.weights").toString())
                .redirectErrorStream(true)
                .start();
        assertThat(new String(small.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .startsWith("layers 0-23 in ");
    }

    /** A network detects few objects at an image size other than that of its training. */
    @Test
    void importTakesTheImageSizeOfTheCfg() throws IOException {
        Path cfg = Files.writeString(
                folder.resolve("own.cfg"),
                Files.readString(Path.of("src/main/resources/yolompi/model/darknet/yolov3-tiny.cfg"))
                        .replace("width=416", "width=160"));
        assertThat(run("weights import --cfg", cfg, weights(TINY_NUMBERS), "--out", checkpoint()))
                .isZero();
        assertThat(printed).contains("80 classes, 160 pixels");
        assertThat(TrainedModel.load(checkpoint()).recipe().data().size()).isEqualTo(160);
        assertThat(run("weights export --weights", checkpoint(), "--out", folder.resolve("own.txt")))
                .isEqualTo(2);
        assertThat(errors).contains("own.txt: expected a Darknet file name: NAME.weights");
    }

    @Test
    void partialWeightsHoldOnlyTheFirstLayers() throws IOException {
        int backbone = 6_298_480; // layers 0 to 12
        Path darknet = weights(backbone);
        Path names = Files.writeString(folder.resolve("a.names"), "cat\ndog\n");

        assertThat(run("weights import --cfg yolov3-tiny --names", names, darknet, "--out", checkpoint()))
                .isZero();
        assertThat(printed).startsWith("layers 0-12 of 24, 2 classes, 416 pixels, in ");
        assertThat(Safetensors.read(checkpoint()).tensors())
                .extracting(NamedTensor::name)
                .contains("model/layers.12.conv.weight")
                .doesNotContain("model/layers.13.conv.weight");
        assertThat(run("weights export --weights", checkpoint(), "--out", folder.resolve("again.weights")))
                .isZero();
        assertThat(folder.resolve("again.weights")).hasSameBinaryContentAs(darknet);
        assertThat(run("weights export --weights", checkpoint(), "--out", folder.resolve("3.weights"), "--layers 3"))
                .isZero();
        assertThat(folder.resolve("3.weights")).hasSize(HEADER + 4 * (4 * 16 + 27 * 16 + 4 * 32 + 9 * 16 * 32));
        assertThat(run("predict --weights", checkpoint(), "--out", folder.resolve("out"), names))
                .isEqualTo(1);
        assertThat(errors).contains("holds only the first 13 of 24 layers");
        assertThat(run("weights export --weights", checkpoint(), "--out", folder.resolve("14.weights"), "--layers 14"))
                .isEqualTo(2);
        assertThat(errors).contains("--layers 14: expected 1 to 13");
    }

    @Test
    void weightsOfTheWrongLengthLeaveNoFile() throws IOException {
        Path darknet = weights(TINY_NUMBERS - 1);

        assertThat(run("weights import --cfg yolov3-tiny", darknet, "--out", folder.resolve("new/a.safetensors")))
                .isEqualTo(1);
        assertThat(errors).contains("ends inside layer 22, which needs 65,535 numbers; only 65,534 numbers are left");
        assertThat(folder.resolve("new")).doesNotExist();
    }

    @Test
    void folderIsRefusedAsAWeightsFile() throws IOException {
        Path cfg = Files.writeString(
                folder.resolve("one.cfg"),
                "[net]\n[convolutional]\nfilters=18\nactivation=linear\n[yolo]\nanchors=1,1, 2,2, 3,3\nclasses=1\n");
        Path darknet = weights(18 + 3 * 18);

        assertThat(run("weights import --cfg", cfg, darknet, "--out", checkpoint()))
                .isZero();
        assertThat(run("weights export --weights", checkpoint(), "--out", folder))
                .isEqualTo(1);
        assertThat(errors).contains("yolo-mpi: " + folder + ": is a folder, expected the name of a file");
        assertThat(run("weights import --cfg", cfg, folder, "--out", checkpoint()))
                .isEqualTo(1);
        assertThat(errors).contains(folder + ": is a folder; expected a Darknet weights file");
    }

    @ParameterizedTest
    @CsvSource({
        "yolov3,       '61,949,149', 65.86, 107, 75",
        "yolov3-spp,   '62,998,749', 66.22, 114, 75",
        "yolov3-tiny,  '8,852,366',  5.56,  24,  13"
    })
    void modelListsLayersAndTheirTotalCost(String cfg, String parameters, String gigaflops, int layers, int backbone) {
        assertThat(run("model", cfg, "--batch 4")).isZero();

        assertThat(printed.lines())
                .allMatch(line -> line.length() <= 120)
                .anyMatch(line -> line.startsWith("%5d  yolo".formatted(layers - 1)));
        assertThat(printed)
                .contains(
                        "3 x 416 x 416",
                        "layers      %d; the first %d are the backbone".formatted(layers, backbone),
                        "parameters  " + parameters,
                        "forward     " + gigaflops + " GFLOPs per image",
                        "for 4 images at once");
    }

    @Test
    void modelRefusesASizeThatIsNotAMultipleOfTheStride() {
        assertThat(run("model yolov3-tiny --size 400")).isEqualTo(2);
        assertThat(errors).contains("--size 400: expected a multiple of 32");
    }

    private Path checkpoint() {
        return folder.resolve("a.safetensors");
    }

    private Path weights(int numbers) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(HEADER + 4 * numbers).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(0).putInt(2).putInt(5).putLong(32_013_312);
        Random random = new Random(1);
        while (bytes.hasRemaining()) {
            bytes.putFloat(random.nextFloat());
        }
        return Files.write(folder.resolve("some.weights"), bytes.array());
    }

    /** Runs a command. Texts are split into words at spaces; paths are not. */
    private int run(Object... words) {
        List<String> split = Stream.of(words)
                .flatMap(word ->
                        word instanceof String text ? Stream.of(text.split(" ", -1)) : Stream.of(word.toString()))
                .toList();
        CommandRun run = CommandRun.of(split);
        printed = run.printed();
        errors = run.errors();
        return run.status();
    }
}
