package yolompi.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import yolompi.InputException;
import yolompi.model.darknet.ArchitectureReader;
import yolompi.torch.LoadLibTorch;

@ExtendWith(LoadLibTorch.class)
class FrozenLayersTest {
    private static final Architecture TINY = ArchitectureReader.read("yolov3-tiny", List.of(), 3);

    @ParameterizedTest
    @CsvSource({"yolov3, 75", "yolov3-spp, 75", "yolov3-tiny, 13"})
    void backboneEndsBeforeTheFirstHead(String name, int layers) {
        Architecture architecture = ArchitectureReader.read(name, List.of(), 3);
        assertThat(architecture.backboneLayers()).isEqualTo(layers);
        assertThat(FrozenLayers.parse("backbone", architecture).describe()).isEqualTo("0-" + (layers - 1));
    }

    @Test
    void networkWithoutShortcutAndPoolHasNoBackbone() {
        Architecture bare = ArchitectureReader.parse(
                "bare.cfg",
                "[net]\n[convolutional]\nfilters=2\n[convolutional]\nactivation=linear\n[yolo]\nmask=0\nanchors=8,8\n",
                List.of(),
                1);
        assertThat(bare.backboneLayers()).isZero();
        assertThatThrownBy(() -> FrozenLayers.parse("backbone", bare))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("bare.cfg has neither a [shortcut] nor a [maxpool]");
        assertThatThrownBy(() -> FrozenLayers.parse("0-1", bare))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("freezes all layers that have weights");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"0-12, 15|0-12, 15", " 3 , 1 - 2,2|1-3", "7|7", "''|''", "0,2,4|0, 2, 4", "22|22"})
    void numbersAndRangesAreParsed(String text, String layers) {
        assertThat(FrozenLayers.parse(text, TINY).describe()).isEqualTo(layers);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0-24|found \"0-24\", expected layers 0 to 23, the last layer of",
                "5-3|found \"5-3\", expected layers 0 to 23",
                "1,,2|found \"\", expected \"backbone\" or layer numbers such as",
                "body|found \"body\"",
                "-1|found \"-1\"",
                "9999999|found \"9999999\"",
            })
    void unknownLayersAreRejected(String text, String message) {
        assertThatThrownBy(() -> FrozenLayers.parse(text, TINY))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("model.freeze = \"" + text + "\": ")
                .hasMessageContaining(message);
    }

    @Test
    void frozenLayersHaveNoGradientsAndFixedStatistics() {
        Network network = new Network(TINY, 1);
        long all = network.runningStats().numel();
        assertThat(network.trainedRunningStats()).hasSize(1);

        network.freeze(FrozenLayers.parse("2, 13", TINY));

        assertThat(network.parameters().stream()
                        .filter(parameter -> !parameter.tensor().requires_grad())
                        .map(Parameter::name))
                .containsExactlyElementsOf(Stream.of(
                                "2.conv.weight",
                                "2.norm.weight",
                                "2.norm.bias",
                                "13.conv.weight",
                                "13.norm.weight",
                                "13.norm.bias")
                        .map("layers."::concat)
                        .toList());
        assertThat(network.trainedParameters()).hasSize(network.parameters().size() - 6);
        assertThat(network.trainedRunningStats()).hasSize(3);
        assertThat(network.trainedRunningStats().stream()
                        .mapToLong(Tensor::numel)
                        .sum())
                .isEqualTo(all - 2 * 32 - 2 * 256);

        network.freeze(FrozenLayers.NONE);
        assertThat(network.trainedParameters()).isEqualTo(network.parameters());
    }
}
