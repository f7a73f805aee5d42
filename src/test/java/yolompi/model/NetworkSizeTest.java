package yolompi.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import yolompi.InputException;
import yolompi.model.darknet.ArchitectureReader;

final class NetworkSizeTest {
    @ParameterizedTest
    @CsvSource({"yolov3, 61949149, 65.9, 0.05", "yolov3-spp, 62998749, 66.2, 0.05", "yolov3-tiny, 8852366, 5.56, 0.005"
    })
    void builtInNetworkHasThePublishedSizeAndCost(String name, long parameters, double gigaflops, double rounding) {
        Architecture architecture = ArchitectureReader.read(name, List.of(), 80);

        assertThat(architecture.parameters()).isEqualTo(parameters);
        assertThat(architecture.gigaflops(416)).isCloseTo(gigaflops, within(rounding));
        assertThat(architecture.largestStride()).isEqualTo(32);
    }

    @Test
    void headsFitTheNumberOfClassesAndKeepTheirAnchors() {
        Architecture architecture = ArchitectureReader.read("yolov3", List.of(), 3);

        assertThat(architecture.heads()).extracting(YoloHead::stride).containsExactly(32, 16, 8);
        assertThat(architecture.heads()).extracting(YoloHead::channels).containsOnly(3 * (5 + 3));
        assertThat(architecture.heads().get(0).anchors())
                .containsExactly(
                        new YoloHead.Anchor(116, 90), new YoloHead.Anchor(156, 198), new YoloHead.Anchor(373, 326));
        // 24 instead of 255 channels for each of three heads, which read 1024, 512 and 256
        // channels, and their biases.
        long without = (255L - 24) * (1024 + 512 + 256 + 3);
        assertThat(architecture.parameters()).isEqualTo(61_949_149 - without);
    }

    @Test
    void activationBytesCountTheInputAndOutputOfBatchNorms() {
        Architecture architecture = ArchitectureReader.parse("a.cfg", """
                [net]
                [convolutional]
                batch_normalize=1
                filters=4
                size=3
                pad=1
                activation=leaky
                [maxpool]
                size=2
                stride=2
                [convolutional]
                filters=1
                activation=linear
                [yolo]
                mask=0
                anchors=1,1
                """, List.of(), 1);

        long convolution = 4 * 8 * 8;
        long pool = 4 * 4 * 4;
        long head = 6 * 4 * 4;
        assertThat(architecture.activationBytes(8, 4)).isEqualTo(4 * (2 * convolution + pool + head + head));
        assertThat(architecture.gigaflops(8)).isCloseTo(2e-9 * (27 * 4 * 64 + 4 * 6 * 16), within(1e-12));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "[dropout]                          | a.cfg, line 2: section [dropout] is not supported; expected one of",
                "[maxpool]~size=2~stride=2~groups=2 | a.cfg, line 5: [maxpool] groups=2: option not supported; expected one of",
                "[convolutional]~activation=hardtan | a.cfg, line 3: [convolutional] activation=hardtan: not supported; expec",
                "[convolutional]~size=3             | a.cfg, line 3: [convolutional] size=3: with padding 0 and stride 1",
                "[convolutional]~size=2~pad=1       | a.cfg, line 3: [convolutional] size=2: with padding 1 and stride 1",
                "[convolutional]~size=3~padding=-1  | a.cfg, line 3: [convolutional] size=3: with padding -1",
                "[convolutional]~stride_x=2         | a.cfg, line 2: [convolutional] stride_y: expected the same stride",
                "[convolutional]~groups=2           | a.cfg, line 3: [convolutional] groups=2: does not divide 3 input",
                "[convolutional]~filters=0          | a.cfg, line 3: [convolutional] filters=0: expected 1 or more",
                "[convolutional]~xnor=1             | a.cfg, line 3: [convolutional] xnor=1: not supported; expected 0",
                "[maxpool]~size=3~stride=2~padding=3 | a.cfg, line 5: [maxpool] padding=3: the output size would not be",
                "[maxpool]~size=3~stride=2~padding=0 | a.cfg, line 5: [maxpool] padding=0: the output size would not be",
                "[maxpool]~[route]~layers=0~groups=2 | a.cfg, line 5: [route] groups=2: does not divide the 3 channels",
                "[maxpool]~[route]~layers=0~groups=3~group_id=3 | a.cfg, line 6: [route] group_id=3: expected 0 to 2",
                "[maxpool]~[shortcut]~from=-1~weights_type=per_channel | a.cfg, line 5: [shortcut] weights_type=per_channel",
                "[convolutional]~filters=2000000000 | a.cfg, line 3: [convolutional] filters=2000000000: expected at most 1,048,576",
                "[convolutional]~filters=999999~size=4095~pad=1 | a.cfg, line 3: [convolutional] filters=999999: 999999 kernels of",
                "[convolutional]~stride=65536~size=65537~pad=1 | a.cfg, line 4: [convolutional] size=65537: expected at most 4,096",
                "[maxpool]~size=2048~stride=2048~[maxpool]~size=4~stride=4 | a.cfg, line 7: [maxpool] stride=4: the total stride would be 8,192",
                "[yolo]~anchors=1,1,0,5             | a.cfg, line 3: [yolo] anchors=1,1,0,5: expected widths and heights above 0",
                "[yolo]~anchors=1,1,-2,5            | a.cfg, line 3: [yolo] anchors=1,1,-2,5: expected widths and heights above 0",
                "[upsample]~stride=-2               | a.cfg, line 3: [upsample] stride=-2: expected 1 or more",
                "[yolo]~anchors=1,1~scale_x_y=0.9   | a.cfg, line 4: [yolo] scale_x_y=0.9: expected 1 or more",
                "[convolutional]~activation=linear~[yolo]~anchors=1,1~new_coords=1 | a.cfg, line 6: [yolo] new_coords=1",
                "[convolutional]~[yolo]~mask=0~anchors=1,1 | a.cfg, line 2: [convolutional] activation: the convolution before",
                "[route]~layers=1                   | a.cfg, line 3: [route] layers=1: no such earlier layer",
                "[maxpool]~[route]~layers=-1,-2     | a.cfg, line 4: [route] layers=-1,-2: no such earlier layer",
                "[maxpool]~[maxpool]~stride=2~[route]~layers=0,1 | a.cfg, line 6: [route] layers=0,1: joins layers with",
                "[shortcut]~from=-1                 | a.cfg, line 3: [shortcut] from=-1: no such earlier layer",
                "[maxpool]~[convolutional]~filters=2~[shortcut]~from=-2 | a.cfg, line 6: [shortcut] from=-2: adds layers",
                "[upsample]                         | a.cfg, line 2: [upsample] stride: the output would be larger",
                "[yolo]~mask=0~anchors=1,1          | a.cfg, line 3: [yolo] mask=0: the previous layer has 3 channels",
                "[yolo]~mask=2~anchors=1,1,2,2      | a.cfg, line 3: [yolo] mask=2: expected anchor numbers 0 to 1",
                "[yolo]~mask=0~anchors=1,1,2        | a.cfg, line 4: [yolo] anchors=1,1,2: expected a width and a height",
                "[convolutional]~activation=leaky~[yolo]~mask=0~anchors=1,1 | a.cfg, line 3: [convolutional] activation=",
                "[convolutional]~batch_normalize=1~[yolo]~mask=0~anchors=1,1 | a.cfg, line 2: [convolutional] activation",
                "[maxpool]~size=2~stride=2          | a.cfg: no [yolo] section; expected at least one detection head",
            })
    void unsupportedLayersAreRejectedWithFileAndLine(String layers, String message) {
        assertThatThrownBy(() -> ArchitectureReader.parse("a.cfg", "[net]\n" + layers.replace('~', '\n'), List.of(), 1))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void inputWithoutThreeChannelsIsRejected() {
        assertThatThrownBy(() -> ArchitectureReader.parse("a.cfg", "[net]\nchannels=1\n", List.of(), 1))
                .isInstanceOf(InputException.class)
                .hasMessage("a.cfg, line 2: [net] channels=1: expected 3 (RGB)");
    }

    @Test
    void tooManyClassesAreRejectedWithoutOverflow() {
        assertThatThrownBy(() -> ArchitectureReader.read("yolov3-tiny", List.of(), Integer.MAX_VALUE))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("with 2,147,483,647 classes the previous layer needs 6,442,450,956 channels");
    }

    @Test
    void convolutionsWithoutAHeadAreUnused() {
        Architecture architecture = ArchitectureReader.parse("a.cfg", """
                [net]
                [convolutional]
                [convolutional]
                [convolutional]
                [route]
                layers=0
                [convolutional]
                [shortcut]
                from=1
                [convolutional]
                activation=linear
                [yolo]
                anchors=1,1
                [convolutional]
                """, List.of(), 1);

        assertThat(architecture.unusedConvolutions()).containsExactly(2, 8);
        assertThat(ArchitectureReader.read("yolov3", List.of(), 80).unusedConvolutions())
                .isEmpty();
    }
}
