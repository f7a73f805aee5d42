package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.data.PackedShapes;
import yolompi.data.sampler.ClassBalance;
import yolompi.data.shard.ShardSet;

class BalanceLineTest {
    @TempDir
    Path folder;

    @Test
    void lineListsImagesAndReadingsOfEachClass() {
        try (ShardSet shards = ShardSet.open(PackedShapes.in(folder, 30, 2).train())) {
            ClassBalance balance = ClassBalance.of(shards, 1);
            String line = BalanceLine.of(balance, shards.names());
            assertThat(line).startsWith("class_balance 1.0: readings of an image per epoch by class (images): ");
            int rarest = 0;
            for (int classId = 0; classId < shards.names().size(); classId++) {
                rarest = balance.imagesOf(classId) < balance.imagesOf(rarest) ? classId : rarest;
                assertThat(line)
                        .contains("%s (%d) %.2f"
                                .formatted(
                                        shards.names().get(classId),
                                        balance.imagesOf(classId),
                                        balance.readingsOf(classId)));
            }
            assertThat(line).contains("(images): " + shards.names().get(rarest));
            assertThat(balance.readingsOf(rarest)).isGreaterThan(1);
        }
    }

    @Test
    void dataSetWithoutBoxesIsReadOncePerEpoch() {
        try (ShardSet shards = ShardSet.open(PackedShapes.in(folder, 2, 1).train())) {
            List<String> unseen = List.of();
            assertThat(BalanceLine.of(ClassBalance.of(shards, 1), unseen))
                    .isEqualTo("class_balance 1.0: no image has a box, so an epoch reads each image once");
        }
    }
}
