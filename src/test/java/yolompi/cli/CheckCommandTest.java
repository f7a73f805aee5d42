package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.data.PackedShapes;
import yolompi.distributed.Communicator;
import yolompi.distributed.watchdog.SeenStatus;
import yolompi.recipe.RecipeFile;
import yolompi.train.setup.TrainingSetup;

class CheckCommandTest {
    @TempDir
    private Path folder;

    /** Verifying a large data set takes longer than the stall time-out of a rank. */
    @Test
    void verifyingShardsCountsAsProgressWithEachRecord() {
        Path recipe = PackedShapes.in(folder, 3, 2).recipe("check", "train.batch = 3");
        Communicator alone = Communicator.alone();
        try (TrainingSetup setup = TrainingSetup.prepare(RecipeFile.read(recipe, List.of()), folder, alone)) {
            SeenStatus seen = new SeenStatus(alone);
            long before = seen.changes();

            CheckCommand.verify(setup);

            assertThat(seen.changes() - before).isEqualTo(3 + 2);
            assertThat(seen.activity()).isEqualTo("verifying shards");
        }
    }
}
