package yolompi.model.darknet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.model.Activation;
import yolompi.model.Architecture;
import yolompi.model.LayerSpec;

/** Networks in the files that Darknet's authors and others published. */
final class PublishedCfgTest {
    private static final Path DARKNET = Path.of("/usr/share/darknet/cfg");

    @Tag("program")
    @ParameterizedTest
    @ValueSource(strings = {"yolov3", "yolov3-spp", "yolov3-tiny"})
    void builtInNetworkEqualsDarknetsFile(String name) {
        Path published = DARKNET.resolve(name + ".cfg");
        assumeInstalled(published);

        assertThat(ArchitectureReader.read(name, List.of(), 80).layers())
                .isEqualTo(ArchitectureReader.read(published.toString(), List.of(), 80)
                        .layers());
    }

    @Tag("program")
    @ParameterizedTest
    @CsvSource({"yolov3-voc, 20", "yolov3-openimages, 601"})
    void publishedNetworkStatesItsNumberOfClasses(String name, int classes) {
        Path published = DARKNET.resolve(name + ".cfg");
        assumeInstalled(published);

        assertThat(CfgFile.read(published.toString()).classes()).isEqualTo(classes);
        assertThat(ArchitectureReader.read(published.toString(), List.of(), classes)
                        .heads())
                .hasSize(3);
    }

    private static void assumeInstalled(Path published) {
        assumeTrue(
                Files.exists(published),
                published + " is missing: apt-get install darknet (Debian), or let mpi/verify.sh install it");
    }

    /** Options from AlexeyAB's Darknet, as in yolov4-tiny.cfg and yolov3-tiny_prn.cfg. */
    @Test
    void darknetsTrainingOptionsAreIgnored() {
        Architecture architecture = ArchitectureReader.parse("a.cfg", """
                [network]
                width=416
                height=416
                channels=3
                policy=steps
                mosaic=1
                [conv]
                batch_normalize=1
                filters=8
                size=3
                stride=2
                pad=1
                activation=mish
                xnor=0
                stopbackward=800
                [route]
                layers=-1
                groups=2
                group_id=1
                [max]
                size=2
                stride=2
                maxpool_depth=0
                [convolutional]
                filters=255
                activation=linear
                [yolo]
                mask = 1,2
                anchors = 10,14, 23,27, 37,58
                classes=80
                num=3
                jitter=.3
                scale_x_y = 1.05
                cls_normalizer=1.0
                iou_normalizer=0.07
                iou_loss=ciou
                ignore_thresh = .7
                truth_thresh = 1
                random=0
                resize=1.5
                nms_kind=greedynms
                beta_nms=0.6
                max_delta=5
                counters_per_class=100,200
                new_coords=0
                """, List.of(), 1);

        LayerSpec.Convolution first =
                architecture.layers().get(0).asConvolution().orElseThrow();
        assertThat(first.activation()).isEqualTo(Activation.MISH);
        assertThat(architecture.layers().get(1)).isEqualTo(new LayerSpec.Route(List.of(0), 2, 1, 4, 2));
        assertThat(architecture.heads().get(0).centerScale()).isEqualTo(1.05f);
        assertThat(architecture.heads().get(0).channels()).isEqualTo(12);
    }

    @ParameterizedTest
    @CsvSource({"yolov3, 75", "yolov3-spp, 75", "yolov3-tiny, 13"})
    void backboneEndsBeforeTheFirstHead(String name, int layers) {
        assertThat(ArchitectureReader.read(name, List.of(), 3).backboneLayers()).isEqualTo(layers);
    }

    @ParameterizedTest
    @CsvSource({"[convolutional]~stride=2~[convolutional], 1", "[convolutional], 0", "[maxpool], 2"})
    void backboneWithoutShortcutAndMaxPoolEndsWithLastStridedLayer(String before, int layers) {
        String head = "~[convolutional]~activation=linear~[yolo]~anchors=1,1";
        Architecture architecture =
                ArchitectureReader.parse("a.cfg", ("[net]~" + before + head).replace('~', '\n'), List.of(), 1);

        assertThat(architecture.backboneLayers()).isEqualTo(layers);
    }
}
