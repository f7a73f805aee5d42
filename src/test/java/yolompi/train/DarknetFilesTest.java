package yolompi.train;

import static org.assertj.core.api.Assertions.assertThat;

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
import yolompi.checkpoint.Checkpoint;
import yolompi.checkpoint.DType;
import yolompi.checkpoint.NamedTensor;
import yolompi.checkpoint.Safetensors;
import yolompi.model.Architecture;
import yolompi.model.DarknetTensor;
import yolompi.recipe.Recipe;
import yolompi.recipe.Recipes;

final class DarknetFilesTest {
    private static final Architecture ARCHITECTURE = Architecture.parse(
            "a.cfg", "[net]\n[convolutional]\nactivation=linear\n[yolo]\nanchors=1,1\n", List.of(), 1);

    @TempDir
    private Path folder;

    @Test
    void ofATrainingTheAveragedWeightsAndTheImagesSeenAreExported() throws IOException {
        Recipe recipe = Recipes.with("train.batch=24");
        Map<String, String> metadata = TrainedModel.describe(recipe, ARCHITECTURE, List.of("cat"));
        metadata.put("step", "300000000");
        List<NamedTensor> tensors = new ArrayList<>();
        for (DarknetTensor tensor : DarknetTensor.of(ARCHITECTURE)) {
            tensors.add(constant(TrainingTensors.MODEL, tensor, 1));
            tensors.add(constant(TrainingTensors.EMA, tensor, 2));
        }
        Path checkpoint = folder.resolve("a.safetensors");
        Safetensors.write(checkpoint, new Checkpoint(metadata, tensors));

        Path out = folder.resolve("a.weights");
        assertThat(DarknetFiles.exportWeights(checkpoint, OptionalInt.empty(), out))
                .isEqualTo(2);

        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(out)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(List.of(file.getInt(), file.getInt(), file.getInt())).containsExactly(0, 2, 0);
        assertThat(file.getLong()).isEqualTo(24 * 300_000_000L);
        assertThat(file.remaining()).isEqualTo(Float.BYTES * (6 + 6 * 3)); // biases and 1 × 1 kernels
        while (file.hasRemaining()) {
            assertThat(file.getFloat()).isEqualTo(2);
        }
    }

    private static NamedTensor constant(String prefix, DarknetTensor tensor, float value) {
        ByteBuffer bytes = ByteBuffer.allocate((int) tensor.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            bytes.putFloat(value);
        }
        long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
        return new NamedTensor(prefix + tensor.name(), DType.F32, shape, bytes.flip());
    }
}
