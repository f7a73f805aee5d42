package yolompi.train.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.data.PackedShapes;
import yolompi.data.shard.ShardSet;
import yolompi.train.step.RandomBatches;

class BatchTilesTest {
    @TempDir
    private Path folder;

    /** Each tile takes four bytes per pixel. */
    @Test
    void onlyRequestedImagesAreDrawn() {
        try (ShardSet shards = ShardSet.open(PackedShapes.in(folder, 3, 1).train())) {
            assertThat(BatchTiles.of(RandomBatches.of(0, 3, 32, 4), shards, 2)).hasSize(2);
            assertThat(BatchTiles.of(RandomBatches.of(0, 3, 32, 4), shards, 9)).hasSize(3);
        }
    }
}
