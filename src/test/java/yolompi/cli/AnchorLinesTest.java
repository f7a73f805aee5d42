package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import yolompi.anchors.AnchorFit;
import yolompi.model.darknet.ArchitectureReader;

class AnchorLinesTest {
    @Test
    void headLinesCountTheBoxesOfTheirAnchors() {
        AnchorFit fit = new AnchorFit(1, 6, 0.7, 0.9, new int[] {1, 2, 3, 10, 20, 64});
        assertThat(AnchorLines.heads(
                        ArchitectureReader.read("yolov3-tiny", List.of(), 3).heads(), fit, 100))
                .containsExactly(
                        "stride 32:      6 boxes (6.0 %), anchors 81×82 135×169 344×319",
                        "stride 16:     94 boxes (94.0 %), anchors 10×14 23×27 37×58");
    }

    @Test
    void anchorSizesAreRoundedToPixelsOrTenths() {
        assertThat(AnchorLines.size(AnchorLines.rounded(123.4f))).isEqualTo("123");
        assertThat(AnchorLines.size(AnchorLines.rounded(9.96f))).isEqualTo("10");
        assertThat(AnchorLines.size(AnchorLines.rounded(4.449f))).isEqualTo("4.4");
        assertThat(AnchorLines.size(AnchorLines.rounded(0.01f))).isEqualTo("0.1");
    }
}
