package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import yolompi.torch.LoadLibTorch;

/**
 * The command {@code export}. The tests of package {@code export} check the contents of its files.
 */
@ExtendWith(LoadLibTorch.class)
class ExportCommandTest {
    private static final int HEADER = 20;
    private static final int NUMBERS = 7 + 3 * 7;

    @TempDir
    private Path folder;

    private String errors = "";
    private String printed = "";

    @BeforeEach
    void importOneLayerCheckpoint() throws IOException {
        Path cfg = Files.writeString(
                folder.resolve("a.cfg"), "[net]\n[convolutional]\nactivation=linear\n[yolo]\nanchors=4,6\nclasses=2\n");
        ByteBuffer bytes = ByteBuffer.allocate(HEADER + 4 * NUMBERS).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(0).putInt(2).putInt(5).putLong(0);
        Path weights = Files.write(folder.resolve("a.weights"), bytes.array());
        assertThat(run("weights", "import", "--cfg", cfg, "--size", "64", weights, "--out", checkpoint()))
                .as(errors)
                .isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "onnx | | ONNX, opset 13: images [1,3,64,64] -> boxes [1,4096,4], scores [1,4096,2],",
                "onnx | --size 32 --batch dynamic"
                        + " | ONNX, opset 13: images [N,3,32,32] -> boxes [N,1024,4], scores [N,1024,2],",
                "onnx | --batch 4 --with-nms --confidence 0.1"
                        + " | ONNX, opset 13: images [4,3,64,64] -> detections [D,7],",
                "torchscript | --with-nms --nms-iou 0.3 --max-detections 5"
                        + " | TorchScript: images [1,3,64,64] -> detections [D,7],",
            })
    void exportPrintsFormatAndShapes(String format, String options, String stated) {
        Path out = folder.resolve("new/model");

        assertThat(export("--format " + format + (options == null ? "" : " " + options), out))
                .as(errors)
                .isZero();

        assertThat(printed).startsWith(stated + " in " + out);
        assertThat(out).isNotEmptyFile();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--format onnx --size 0 | 2 | --size 0: expected a multiple of 1",
                "--format onnx --batch 0 | 2 | --batch 0: expected 1 or more, or dynamic",
                "--format onnx --batch many | 2 | found 'many', expected a number or dynamic",
                "--format tflite | 2 | found 'tflite', expected one of onnx, torchscript",
                "--format onnx --confidence 0.5 | 2 | --with-nms",
                "--format onnx --with-nms --nms-iou 2 | 2 | --nms-iou 2.0: expected 0 to 1",
            })
    void invalidArgumentsAreNamedAndLeaveNoFile(String options, int status, String message) {
        Path out = folder.resolve("new/model");

        assertThat(export(options, out)).isEqualTo(status);

        assertThat(errors).contains(message);
        assertThat(out.getParent()).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"onnx, model.pt, NAME.onnx", "torchscript, model.onnx, NAME.pt"})
    void extensionOfTheOtherFormatIsRefused(String format, String name, String expected) {
        Path out = folder.resolve(name);

        assertThat(export("--format " + format, out)).isEqualTo(2);

        assertThat(errors).contains("--out " + out, "--format is " + format, expected);
        assertThat(out).doesNotExist();
    }

    @Test
    void folderIsNotReplaced() {
        assertThat(export("--format onnx", folder)).isEqualTo(1);
        assertThat(errors).contains("--out " + folder + ": is a folder");
    }

    private int export(String options, Path out) {
        Stream<String> fixed = Stream.of("export", "--weights", checkpoint().toString(), "--out", out.toString());
        return run(Stream.concat(fixed, Arrays.stream(options.split(" ", -1))).toArray());
    }

    private Path checkpoint() {
        return folder.resolve("a.safetensors");
    }

    private int run(Object... words) {
        CommandRun run = CommandRun.of(Stream.of(words).map(Object::toString).toList());
        printed = run.printed();
        errors = run.errors();
        return run.status();
    }
}
