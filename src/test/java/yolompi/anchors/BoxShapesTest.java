package yolompi.anchors;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.data.PackedShapes;
import yolompi.data.shard.ShardSet;

final class BoxShapesTest {
    @TempDir
    Path folder;

    @Test
    void boxesHaveTheirSizeInTheNetworkInput() {
        // The drawn images have 96 pixels, so the input of 192 doubles the boxes.
        try (ShardSet shards = ShardSet.open(PackedShapes.in(folder, 12, 2).train())) {
            BoxShapes boxes = BoxShapes.of(shards, 192, 0);
            int first = shards.boxes(0).size();
            assertThat(boxes.images()).isEqualTo(12);
            assertThat(boxes.count()).isGreaterThanOrEqualTo(first).isGreaterThan(12);
            for (int i = 0; i < first; i++) {
                assertThat(boxes.widths()[i])
                        .isEqualTo(2 * shards.boxes(0).get(i).box().width());
                assertThat(boxes.heights()[i])
                        .isEqualTo(2 * shards.boxes(0).get(i).box().height());
            }
            BoxShapes large = BoxShapes.of(shards, 192, 40);
            assertThat(large.small()).isPositive();
            assertThat(large.small() + large.count()).isEqualTo(boxes.count());
            assertThat(large.widths()).hasSize(large.count());
            for (int i = 0; i < large.count(); i++) {
                assertThat(Math.min(large.widths()[i], large.heights()[i])).isGreaterThanOrEqualTo(40);
            }
        }
    }

    @Test
    void subsetOfBoxesIsEvenlySpaced() {
        float[] edges = new float[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
        BoxShapes boxes = RandomBoxShapes.of(edges, edges);
        assertThat(boxes.thinned(4).widths()).containsExactly(0, 3, 6, 9);
        assertThat(boxes.thinned(10).heights()).isEqualTo(edges);
        assertThat(boxes.thinned(1).widths()).containsExactly(0);
        assertThat(RandomBoxShapes.of(new float[0], new float[0]).thinned(4).count())
                .isZero();
    }
}
