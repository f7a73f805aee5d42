package yolompi.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import yolompi.InputException;
import yolompi.checkpoint.Checkpoint;
import yolompi.checkpoint.NamedTensor;
import yolompi.checkpoint.NamedTensor.DType;
import yolompi.checkpoint.Safetensors;
import yolompi.checkpoint.TensorBytes;
import yolompi.model.FrozenLayers;
import yolompi.model.Network;
import yolompi.model.Parameter;
import yolompi.model.darknet.ArchitectureReader;
import yolompi.recipe.Recipes;
import yolompi.torch.LoadLibTorch;
import yolompi.torch.Tensors;

@ExtendWith(LoadLibTorch.class)
class PretrainedWeightsTest {
    @TempDir
    private Path folder;

    private static Network tiny(int classes, long seed) {
        return new Network(ArchitectureReader.read("yolov3-tiny", List.of(), classes), seed);
    }

    private Path write(List<NamedTensor> tensors) {
        Path file = folder.resolve("from.safetensors");
        Safetensors.write(file, new Checkpoint(Map.of(), tensors));
        return file;
    }

    private static List<NamedTensor> tensors(String prefix, Network network) {
        return TrainingTensors.all(network).stream()
                .map(parameter -> TensorBytes.copyOf(prefix + parameter.name(), parameter.tensor()))
                .toList();
    }

    private static float[] values(Network network, String name) {
        Parameter found = TrainingTensors.all(network).stream()
                .filter(parameter -> parameter.name().equals(name))
                .findFirst()
                .orElseThrow();
        return Tensors.toFloats(found.tensor());
    }

    @Test
    void allLayersButHeadsAreLoadedFromModelWithOtherClasses() {
        Network from = tiny(80, 5);
        Network to = tiny(3, 1);
        float[] head = values(to, "layers.15.conv.weight");

        List<String> lines =
                PretrainedWeights.read(write(tensors("model/", from))).into(to, FrozenLayers.NONE);

        assertThat(values(to, "layers.0.conv.weight")).isEqualTo(values(from, "layers.0.conv.weight"));
        assertThat(values(to, "layers.21.conv.weight")).isEqualTo(values(from, "layers.21.conv.weight"));
        assertThat(values(to, "layers.15.conv.weight")).isEqualTo(head);
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).contains("from.safetensors: 55 of 59 tensors, ");
        assertThat(lines.get(1))
                .isEqualTo("not loaded: layers 15, 22, different shape in the file (layers.15.conv.weight [255,512,1,1]"
                        + " instead of [24,512,1,1], layers.15.conv.bias [255] instead of [24],"
                        + " layers.22.conv.weight [255,256,1,1] instead of [24,256,1,1], and 1 more)");
    }

    @Test
    void averagedWeightsArePreferred() {
        Network average = tiny(3, 5);
        Network to = tiny(3, 1);
        List<NamedTensor> both = new ArrayList<>(tensors("model/", tiny(3, 4)));
        both.addAll(tensors("ema/", average));
        both.add(tensors("optimizer/momentum/", average).get(0));

        assertThat(PretrainedWeights.read(write(both)).into(to, FrozenLayers.NONE))
                .singleElement()
                .asString()
                .contains("59 of 59 tensors");

        assertThat(values(to, "layers.22.conv.bias")).isEqualTo(values(average, "layers.22.conv.bias"));
        assertThat(values(to, "layers.12.conv.weight")).isEqualTo(values(average, "layers.12.conv.weight"));
    }

    @Test
    void layersMissingInTheFileAreListed() {
        Network from = tiny(3, 5);
        Network to = tiny(3, 1);
        List<NamedTensor> some = new ArrayList<>(tensors("", from).stream()
                .filter(tensor -> tensor.name().matches("layers\\.[024]\\..*"))
                .toList());
        some.add(new NamedTensor("layers.99.conv.bias", DType.F32, new long[] {1}, ByteBuffer.allocate(4)));
        some.add(new NamedTensor("stem.weight", DType.F32, new long[] {1}, ByteBuffer.allocate(4)));

        List<String> lines = PretrainedWeights.read(write(some)).into(to, FrozenLayers.NONE);

        assertThat(values(to, "layers.4.norm.running_var")).isEqualTo(values(from, "layers.4.norm.running_var"));
        assertThat(lines.get(0)).contains("15 of 59 tensors");
        assertThat(lines.subList(1, 3))
                .containsExactly(
                        "not loaded: layers 6, 8, 10, 12-15, 18, 21-22, not in the file, initialized at random",
                        "not loaded: layers 99, not in this network (stem.weight)");
    }

    @Test
    void fp16TensorsAreConvertedToFp32() {
        Network to = tiny(3, 1);
        ByteBuffer halves = ByteBuffer.allocateDirect(2 * 24).order(ByteOrder.LITTLE_ENDIAN);
        Stream.generate(() -> (short) 0x3e00).limit(24).forEach(halves::putShort); // 1.5
        NamedTensor bias = new NamedTensor("model/layers.15.conv.bias", DType.F16, new long[] {24}, halves.flip());
        NamedTensor kernels = tensors("", to).stream()
                .filter(tensor -> tensor.name().equals("layers.15.conv.weight"))
                .findFirst()
                .orElseThrow();

        PretrainedWeights.read(write(List.of(bias, kernels))).into(to, FrozenLayers.NONE);

        assertThat(values(to, "layers.15.conv.bias")).containsOnly(1.5f);
    }

    @Test
    void batchNormIsNotLoadedWithoutItsKernel() {
        Network from = tiny(3, 5);
        Network to = tiny(3, 1);
        List<NamedTensor> changed = new ArrayList<>(tensors("", from));
        changed.removeIf(tensor -> tensor.name().startsWith("layers.2.conv"));
        changed.add(new NamedTensor("layers.2.conv.weight", DType.F32, new long[] {1}, ByteBuffer.allocate(4)));
        changed.removeIf(tensor -> tensor.name().startsWith("layers.4.conv"));
        List<String> layers = List.of("layers.2.norm.weight", "layers.4.norm.running_var");
        layers.forEach(name -> fill(from, name, 7));

        List<String> lines = PretrainedWeights.read(write(changed)).into(to, FrozenLayers.NONE);

        assertThat(layers).allSatisfy(name -> assertThat(values(to, name)).containsOnly(1));
        assertThat(lines.get(0)).contains("49 of 59 tensors");
        assertThat(lines.subList(1, 3))
                .containsExactly(
                        "not loaded: layers 2, different shape in the file (layers.2.conv.weight [1] instead of"
                                + " [32,16,3,3])",
                        "not loaded: layers 4, not in the file, initialized at random");
    }

    @Test
    void frozenLayersThatWouldStayRandomAreRefused() {
        Network from = tiny(80, 5);
        Network to = tiny(3, 1);
        float[] before = values(to, "layers.0.conv.weight");
        PretrainedWeights transfer = PretrainedWeights.read(write(tensors("model/", from)));

        assertThatThrownBy(() -> transfer.into(to, new FrozenLayers(Set.of(0, 14, 15, 22))))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("model.freeze: layers 15, 22 would stay random, because model.weights = ")
                .hasMessageContaining("different shape in the file");
        assertThat(values(to, "layers.0.conv.weight")).isEqualTo(before);
        assertThat(transfer.into(to, new FrozenLayers(Set.of(0, 1, 14)))).hasSize(2);
        assertThatThrownBy(() -> PretrainedWeights.begin(
                        Recipes.with("model.freeze=backbone").model(), to))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(
                        "model.freeze = \"backbone\": without model.weights these layers would stay random");
        assertThat(PretrainedWeights.begin(Recipes.with().model(), to)).isEmpty();
    }

    private static void fill(Network network, String name, float value) {
        try (NoGradGuard constant = new NoGradGuard()) {
            TrainingTensors.all(network).stream()
                    .filter(parameter -> parameter.name().equals(name))
                    .forEach(parameter -> parameter.tensor().fill_(new Scalar(value)));
        }
    }

    @Test
    void fileWithoutMatchingTensorsIsRefused() {
        NamedTensor other = new NamedTensor("conv1", DType.F32, new long[] {1}, ByteBuffer.allocate(4));
        PretrainedWeights transfer = PretrainedWeights.read(write(List.of(other)));
        Network to = tiny(3, 1);
        assertThatThrownBy(() -> transfer.into(to, FrozenLayers.NONE))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("from.safetensors\": no tensor fits")
                .hasMessageContaining("not in this network (conv1)");
    }

    @Test
    void darknetFileIsRefusedWithTheConversionCommand() {
        assertThatThrownBy(() -> PretrainedWeights.read(Path.of("a/yolov3.weights")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("weights import --cfg NETWORK.cfg a/yolov3.weights --out a/yolov3.safetensors");
    }
}
