package yolompi.model.darknet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import yolompi.InputException;
import yolompi.model.Architecture;

final class AnchorListTest {
    private static final String HEAD = "[convolutional]\nactivation=linear\n[yolo]\n";

    private static Architecture architecture(String... heads) {
        return ArchitectureReader.parse(
                "a.cfg", "[net]\n" + HEAD + String.join("\n" + HEAD, heads) + "\n", List.of(), 1);
    }

    @Test
    void onlyAnchorsInMasksAreUsed() {
        Architecture architecture =
                architecture("mask=3,1\nanchors=1,1.5, 2,2, 3,3, 4,4", "mask=1\nanchors=1,1.5, 2,2, 3,3, 4,4");

        AnchorList list = AnchorList.of(architecture, List.of());

        assertThat(list.used()).containsExactly(1, 3);
        assertThat(list.with(List.of(20.0, 21.0, 40.0, 41.0)))
                .containsExactly(1.0, 1.5, 20.0, 21.0, 3.0, 3.0, 40.0, 41.0);
    }

    @Test
    void recipeAnchorsReplaceThoseOfTheFile() {
        assertThat(AnchorList.of(architecture("mask=1\nanchors=1,1, 2,2"), List.of(5.0, 6.0, 7.0, 8.0))
                        .with(List.of(70.0, 80.0)))
                .containsExactly(5.0, 6.0, 70.0, 80.0);
    }

    @Test
    void headWithoutMaskUsesAllAnchors() {
        assertThat(AnchorList.of(ArchitectureReader.read("yolov3", List.of(), 80), List.of())
                        .used())
                .hasSize(9);
        assertThat(AnchorList.of(architecture("anchors=1,1, 2,2"), List.of()).used())
                .containsExactly(0, 1);
    }

    @Test
    void headsWithDifferentAnchorCountsAreRejected() {
        Architecture architecture = architecture("mask=0\nanchors=1,1, 2,2", "mask=0\nanchors=1,1, 2,2, 3,3");

        assertThatThrownBy(() -> AnchorList.of(architecture, List.of()))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("a.cfg: its [yolo] sections list [2, 3] anchors; ");
    }
}
