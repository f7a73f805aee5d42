package yolompi.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.InputException;
import yolompi.checkpoint.Checkpoint;
import yolompi.checkpoint.NamedTensor;
import yolompi.checkpoint.NamedTensor.DType;
import yolompi.checkpoint.Safetensors;
import yolompi.model.Architecture;
import yolompi.model.darknet.ArchitectureReader;
import yolompi.model.darknet.DarknetWeights;
import yolompi.recipe.Recipe;
import yolompi.recipe.Recipes;

final class DarknetFilesTest {
    private static final Architecture ARCHITECTURE = ArchitectureReader.parse(
            "a.cfg", "[net]\n[convolutional]\nactivation=linear\n[yolo]\nanchors=1,1\n", List.of(), 1);

    @TempDir
    private Path folder;

    @Test
    void exportWritesAveragedWeightsAndNumberOfTrainedImages() throws IOException {
        Path checkpoint = folder.resolve("a.safetensors");
        write(checkpoint, Recipes.with("train.batch=24"));

        Path out = folder.resolve("a.weights");
        assertThat(DarknetFiles.exportWeights(checkpoint, OptionalInt.empty(), out)
                        .layers())
                .isEqualTo(2);

        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(out)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(List.of(file.getInt(), file.getInt(), file.getInt())).containsExactly(0, 2, 0);
        assertThat(file.getLong()).isEqualTo(24 * 300_000_000L);
        assertThat(file.remaining()).isEqualTo(Float.BYTES * (6 + 6 * 3)); // biases and 1 × 1 kernels
        while (file.hasRemaining()) {
            assertThat(file.getFloat()).isEqualTo(2);
        }
    }

    @Test
    void cfgOfAnotherNetworkIsNotReplaced() throws IOException {
        Path checkpoint = folder.resolve("a.safetensors");
        write(checkpoint, Recipes.with());
        Path cfg = Files.writeString(folder.resolve("a.cfg"), "[net]\n");
        Path out = folder.resolve("a.weights");

        assertThatThrownBy(() -> DarknetFiles.exportWeights(checkpoint, OptionalInt.empty(), out))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(cfg + ": the network's .cfg would be written here, but a different file");
        assertThat(cfg).hasContent("[net]\n");
        assertThat(out).doesNotExist();

        Files.delete(cfg);
        for (int i = 0; i < 2; i++) { // a later export of the same network keeps the .cfg
            assertThat(DarknetFiles.exportWeights(checkpoint, OptionalInt.empty(), out)
                            .cfg())
                    .isEqualTo(cfg);
        }
        assertThat(cfg).content().contains("width=416", "classes=1", "filters=6", "anchors=1,1");
    }

    @Test
    void inputIsNeverOverwritten() throws IOException {
        Path checkpoint = folder.resolve("a.safetensors");
        write(checkpoint, Recipes.with());
        Path link = Files.createSymbolicLink(folder.resolve("link"), checkpoint);

        assertThatThrownBy(() -> DarknetFiles.exportWeights(checkpoint, OptionalInt.empty(), link))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("is the input file");
        assertThatThrownBy(() ->
                        DarknetFiles.exportWeights(checkpoint, OptionalInt.empty(), folder.resolve("b.safetensors")))
                .hasMessageContaining("expected a Darknet file name");
        assertThatThrownBy(() -> importTo(checkpoint, checkpoint)).hasMessageContaining("is the input file");
        assertThatThrownBy(() -> importTo(checkpoint, folder.resolve("a.weights")))
                .hasMessageContaining("expected a name that ends in .safetensors");
        assertThat(Safetensors.read(checkpoint).tensors()).isNotEmpty();
    }

    private static int importTo(Path weights, Path out) throws IOException {
        return DarknetFiles.importWeights(weights, Recipes.with(), ARCHITECTURE, List.of("cat"), out);
    }

    private static void write(Path checkpoint, Recipe recipe) {
        Map<String, String> metadata = TrainedModel.describe(recipe, ARCHITECTURE, List.of("cat"));
        metadata.put("step", "300000000");
        List<NamedTensor> tensors = new ArrayList<>();
        for (DarknetWeights.Entry tensor : DarknetWeights.Entry.of(ARCHITECTURE)) {
            tensors.add(constant(TrainingTensors.MODEL, tensor, 1));
            tensors.add(constant(TrainingTensors.EMA, tensor, 2));
        }
        Safetensors.write(checkpoint, new Checkpoint(metadata, tensors));
    }

    private static NamedTensor constant(String prefix, DarknetWeights.Entry tensor, float value) {
        ByteBuffer bytes = ByteBuffer.allocate((int) tensor.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            bytes.putFloat(value);
        }
        long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
        return new NamedTensor(prefix + tensor.name(), DType.F32, shape, bytes.flip());
    }
}
