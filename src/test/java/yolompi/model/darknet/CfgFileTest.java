package yolompi.model.darknet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import yolompi.InputException;

final class CfgFileTest {
    @ParameterizedTest
    @CsvSource({"yolov3, 61949149", "yolov3-spp, 62998749", "yolov3-tiny, 8852366"})
    void builtInNetworkHasThePublishedNumberOfParameters(String name, long parameters) {
        assertThat(countParameters(CfgFile.read(name))).isEqualTo(parameters);
    }

    @ParameterizedTest
    @CsvSource({"yolov3, 3, 9, 75", "yolov3-spp, 3, 9, 76", "yolov3-tiny, 2, 6, 13"})
    void everyAnchorBelongsToOneHead(String name, int heads, int anchors, int convolutions) {
        CfgFile cfg = CfgFile.read(name);
        List<CfgSection> yolos = named(cfg, "yolo");
        List<Integer> masks = new ArrayList<>();
        for (CfgSection yolo : yolos) {
            assertThat(yolo.floats("anchors")).hasSize(2 * anchors);
            assertThat(yolo.integer("num", 0)).isEqualTo(anchors);
            for (int mask : yolo.integers("mask")) {
                masks.add(mask);
            }
        }
        assertThat(yolos).hasSize(heads);
        assertThat(masks).hasSize(anchors).doesNotHaveDuplicates().allMatch(mask -> mask >= 0 && mask < anchors);
        assertThat(named(cfg, "convolutional")).hasSize(convolutions);
    }

    @Test
    void commentsBlankLinesAndWhiteSpaceAreIgnored() {
        CfgFile cfg =
                CfgFile.parse("a.cfg", "# first\n\n [net] \n width = 64 ; wide\n;no\n[yolo]\nanchors = 1,2.5, 3\n");

        assertThat(cfg.source()).isEqualTo("a.cfg");
        assertThat(cfg.sections()).extracting(CfgSection::name).containsExactly("net", "yolo");
        assertThat(cfg.sections()).extracting(CfgSection::line).containsExactly(3, 6);
        assertThat(cfg.sections().get(0).integer("width", 0)).isEqualTo(64);
        assertThat(cfg.sections().get(0).integer("height", 7)).isEqualTo(7);
        assertThat(cfg.sections().get(1).floats("anchors")).containsExactly(1f, 2.5f, 3f);
    }

    @Test
    void unusedKeysAreListed() {
        CfgSection net = CfgFile.parse("a.cfg", "[net]\nwidth=1\nangle=3\nhue=.1\n")
                .sections()
                .get(0);

        assertThat(net.has("width")).isTrue();
        assertThat(net.text("policy", "steps")).isEqualTo("steps");
        assertThat(net.unusedKeys()).containsExactly("angle", "hue");
        assertThat(net.fail("angle", "unsupported")).hasMessage("a.cfg, line 3: [net] angle=3: unsupported");
    }

    @Test
    void duplicateNetKeyKeepsFirstValue() {
        CfgSection net =
                CfgFile.parse("a.cfg", "[net]\nbatch=1\nbatch=64\n").sections().get(0);

        assertThat(net.integer("batch", 0)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "width=3                | a.cfg, line 1: expected [net] before the first key, found width=3",
                "[net]~width            | a.cfg, line 2: expected key=value or [section], found width",
                "[net~width=2           | a.cfg, line 1: expected [section], found [net",
                "[]                     | a.cfg, line 1: expected [section], found []",
                "[net]~[yolo]~num=1~~num=2 | a.cfg, line 5: [yolo] already has num in line 3; remove one of them",
                "[yolo]~classes=2       | a.cfg: expected [net] as the first section, found [yolo]",
                "# nothing              | a.cfg: expected [net] as the first section, found no section at all",
            })
    void invalidSyntaxIsRejectedWithFileAndLine(String text, String message) {
        assertThatThrownBy(() -> CfgFile.parse("a.cfg", text.replace('~', '\n')))
                .isInstanceOf(InputException.class)
                .hasMessage(message);
    }

    @Test
    void illTypedOrMissingValueIsRejectedWithFileAndLine() {
        CfgSection net = CfgFile.parse("a.cfg", "[net]\nwidth=1.5\nmask=1,,2\nanchors=1,NaN\n")
                .sections()
                .get(0);

        assertThatThrownBy(() -> net.integer("width", 0))
                .isInstanceOf(InputException.class)
                .hasMessage("a.cfg, line 2: [net] width=1.5: expected an integer");
        assertThatThrownBy(() -> net.integers("mask"))
                .hasMessage("a.cfg, line 3: [net] mask=1,,2: expected integers separated by commas");
        assertThatThrownBy(() -> net.floats("anchors"))
                .hasMessageContaining("line 4")
                .hasMessageContaining("numbers");
        assertThatThrownBy(() -> net.integers("layers"))
                .hasMessage("a.cfg, line 1: [net] layers: missing; expected integers separated by commas");
    }

    @Test
    void pathIsReadAsAFile(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("own.cfg"), "[net]\nwidth=96\n");

        assertThat(CfgFile.read(file.toString()).sections().get(0).integer("width", 0))
                .isEqualTo(96);
        Path marked = Files.writeString(folder.resolve("marked.cfg"), "\ufeff[net]\nwidth=96\n");
        assertThat(CfgFile.read(marked.toString()).text()).isEqualTo("[net]\nwidth=96\n");
        assertThatThrownBy(() -> CfgFile.read(folder.resolve("none.cfg").toString()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("none.cfg")
                .hasMessageContaining("expected yolov3, yolov3-tiny, yolov3-spp or the path");
    }

    private static List<CfgSection> named(CfgFile cfg, String name) {
        return cfg.sections().stream()
                .filter(section -> section.name().equals(name))
                .toList();
    }

    /**
     * Follows the channels through the sections; counts filters, and biases or the two vectors of a
     * batch norm.
     */
    private static long countParameters(CfgFile cfg) {
        List<Integer> channels = new ArrayList<>();
        int current = cfg.sections().get(0).integer("channels", 3);
        long parameters = 0;
        for (CfgSection section : cfg.sections().subList(1, cfg.sections().size())) {
            if (section.name().equals("convolutional")) {
                int filters = section.integer("filters", 1);
                int size = section.integer("size", 1);
                parameters += (long) current * filters * size * size;
                parameters += (long) filters * (section.integer("batch_normalize", 0) == 1 ? 2 : 1);
                current = filters;
            } else if (section.name().equals("route")) {
                current = 0;
                for (int layer : section.integers("layers")) {
                    current += channels.get(layer < 0 ? channels.size() + layer : layer);
                }
            }
            channels.add(current);
        }
        return parameters;
    }
}
