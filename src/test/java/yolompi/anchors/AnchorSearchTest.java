package yolompi.anchors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.InputException;
import yolompi.data.Bccd;
import yolompi.data.ImageEncoding;
import yolompi.data.PackedShapes;
import yolompi.data.shard.ShardSet;
import yolompi.pack.PackFixture;
import yolompi.pack.PackOptions;
import yolompi.pack.annotation.AnnotationFormat;
import yolompi.pack.annotation.SourcePaths;

final class AnchorSearchTest {
    private static final float[] PLANTED = {12, 10, 30, 70, 55, 45, 90, 200, 160, 120, 300, 310};

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void searchFindsThePlantedSizesInAscendingOrder(long seed) {
        BoxShapes boxes = new RandomBoxShapes(seed).around(PLANTED, 300, 0.08);
        float[] found = new AnchorSearch(6, 300, seed).fitTo(boxes);
        assertThat(found).hasSize(12);
        for (int i = 0; i < found.length; i++) {
            assertThat(found[i]).isCloseTo(PLANTED[i], within(0.05f * PLANTED[i]));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 6, 9})
    void moreMutationsNeverLowerTheFitness(int count) {
        BoxShapes boxes = new RandomBoxShapes(8).likePhotographs(3_000, 40);
        assertMutationImproves(boxes, count);
    }

    @Test
    void mutationImprovesTheAnchorsOfShapesAndBloodCells() {
        try (ShardSet shapes = ShardSet.open(PackedShapes.in(folder, 60, 2).train())) {
            assertMutationImproves(BoxShapes.of(shapes, 192, 2), 6);
        }
        SourcePaths bccd = new SourcePaths(
                Bccd.folder().resolve("JPEGImages"),
                Bccd.folder().resolve("Annotations"),
                Optional.of(Bccd.folder().resolve("ImageSets/Main/train.txt")),
                Optional.empty());
        PackFixture.pack(
                new PackOptions(AnnotationFormat.VOC, bccd, folder.resolve("bccd"), ImageEncoding.JPEG, 416, 64, 0, 2));
        try (ShardSet cells = ShardSet.open(folder.resolve("bccd"))) {
            assertMutationImproves(BoxShapes.of(cells, 416, 2), 6);
        }
    }

    private static void assertMutationImproves(BoxShapes boxes, int count) {
        AnchorFit clusters = AnchorFit.of(boxes, new AnchorSearch(count, 0, 1).fitTo(boxes));
        AnchorFit some = AnchorFit.of(boxes, new AnchorSearch(count, 100, 1).fitTo(boxes));
        AnchorFit many = AnchorFit.of(boxes, new AnchorSearch(count, 400, 1).fitTo(boxes));
        assertThat(many.meanIou()).isGreaterThanOrEqualTo(some.meanIou()).isGreaterThan(clusters.meanIou());
        assertThat(some.meanIou()).isGreaterThanOrEqualTo(clusters.meanIou());
        assertThat(some.recall()).isGreaterThanOrEqualTo(clusters.recall());
        assertThat(many.recall()).isGreaterThanOrEqualTo(some.recall());
    }

    @Test
    void sameSeedFindsTheSameAnchorsAndOtherSeedsEquallyGoodOnes() {
        BoxShapes boxes = new RandomBoxShapes(8).likePhotographs(2_000, 40);
        float[] first = new AnchorSearch(6, 200, 7).fitTo(boxes);
        assertThat(new AnchorSearch(6, 200, 7).fitTo(boxes)).isEqualTo(first);
        float[] other = new AnchorSearch(6, 200, 8).fitTo(boxes);
        assertThat(other).isNotEqualTo(first);
        assertThat(AnchorFit.of(boxes, other).meanIou())
                .isCloseTo(AnchorFit.of(boxes, first).meanIou(), within(0.01));
    }

    @Test
    void fewerShapesThanAnchorsAreRepeated() {
        float[] equal = new float[50];
        Arrays.fill(equal, 33);
        assertThat(new AnchorSearch(3, 50, 1).fitTo(RandomBoxShapes.of(equal, equal)))
                .containsExactly(33, 33, 33, 33, 33, 33);
        float[] found = new AnchorSearch(4, 50, 1)
                .fitTo(RandomBoxShapes.of(new float[] {20, 80, 20}, new float[] {30, 60, 30}));
        assertThat(found).startsWith(20, 30).endsWith(80, 60).hasSize(8);
        assertThat(new AnchorSearch(9, 50, 1).fitTo(RandomBoxShapes.of(new float[] {7}, new float[] {9})))
                .containsOnly(7, 9);
    }

    @Test
    void missingBoxesAndInvalidCountsAreRejected() {
        BoxShapes none = new BoxShapes(new float[0], new float[0], 12, 3, 4);
        assertThatThrownBy(() -> new AnchorSearch(6, 10, 1).fitTo(none))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no box to fit anchors to in 12 images (3 ignored, 4 too small)");
        assertThatThrownBy(() -> new AnchorSearch(0, 10, 1))
                .isInstanceOf(InputException.class)
                .hasMessage("0 anchors: expected 1 to 1000");
        assertThatThrownBy(() -> new AnchorSearch(6, -1, 1))
                .isInstanceOf(InputException.class)
                .hasMessage("-1 generations: expected at least 0");
    }
}
