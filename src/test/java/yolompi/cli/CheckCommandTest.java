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

    private static CheckCommand.RankPlace place(int rank, String host, String gpu, String processors) {
        return new CheckCommand.RankPlace(
                "rank " + rank + " of 4 on " + host, host, gpu, "bf16 on GPU 0", processors, 8, 31_200);
    }

    @Test
    void lineListsDeviceCoresAndMemoryOfARank() {
        assertThat(place(1, "n1", "a", "0-7").line())
                .isEqualTo("rank 1 of 4 on n1: bf16 on GPU 0, 8 cores (0-7), 8 threads, 31,200 MiB free");
    }

    @Test
    void sharedGpuAndSingleCoreGiveWarnings() {
        List<CheckCommand.RankPlace> places = List.of(
                place(0, "n1", "nvidia0 0", "0-3"),
                place(1, "n1", "nvidia0 0", "4-7"),
                place(2, "n2", "nvidia0 0", "0"),
                place(3, "n2", "nvidia1 0", "4-7"));
        assertThat(CheckCommand.RankPlace.warnings(places))
                .satisfiesExactlyInAnyOrder(
                        warning -> assertThat(warning)
                                .contains("rank 0 of 4 on n1, rank 1 of 4 on n1 share one GPU")
                                .doesNotContain("n2"),
                        warning -> assertThat(warning).contains("rank 2 of 4 on n2 has only one", "--cpus-per-task"));
    }

    @Test
    void ranksOnTheCpuGiveNoWarning() {
        assertThat(CheckCommand.RankPlace.warnings(List.of(place(0, "n1", "", "0-1"), place(1, "n1", "", "0-1"))))
                .isEmpty();
    }
}
