package yolompi.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.InputException;
import yolompi.data.PackedShapes;
import yolompi.dist.Communicator;
import yolompi.recipe.RecipeFile;
import yolompi.torch.NativeLibraries;

/** Real steps, measured on this machine's CPU. */
class AutoBatchTest {
    private static final int BATCH = 24;

    @TempDir
    private static Path folder;

    private static Path recipe;

    @BeforeAll
    static void drawShapes() {
        NativeLibraries.load(torch.class);
        recipe = PackedShapes.in(folder, 4, 1).recipe("auto", """
                train.batch = %d
                data.size = 160
                """.formatted(BATCH));
    }

    private static TrainingSetup setup(Communicator alone, String... changes) {
        return TrainingSetup.prepare(RecipeFile.read(recipe, List.of(changes)), folder, alone);
    }

    @Test
    void theBatchIsCutToWhatTheMemoryHoldsAndTheMeasuredPeakStaysWithin() {
        try (Communicator alone = Communicator.alone();
                TrainingSetup setup = setup(alone)) {
            MemoryMeter meter = MemoryMeter.of(setup.compute());
            AutoBatch.Found free = new AutoBatch(setup, meter, Long.MAX_VALUE / 4, BATCH).find();
            assertThat(free.images()).isEqualTo(BATCH);
            assertThat(free.largest()).isGreaterThan(BATCH);
            assertThat(free.fit().imageBytes()).isBetween(1e6, 3e7);

            long aheadAndCopy = (long) (1.2 * (4.0 * 2 * BATCH * 3 * 160 * 160 + 3 * 8.7e6 * 4));
            long usable = aheadAndCopy + (long) free.fit().bytes(12);
            AutoBatch.Found tight = new AutoBatch(setup, meter, usable, BATCH).find();

            assertThat(tight.images()).isBetween(1, BATCH - 1).isEqualTo(tight.largest());
            assertThat(tight.tried()).isTrue();
            assertThat(tight.fit().bytes(tight.images())).isLessThanOrEqualTo((double) usable);
        }
    }

    @Test
    void memoryThatDoesNotHoldOneImageIsRefused() {
        try (Communicator alone = Communicator.alone();
                TrainingSetup setup = setup(alone, "data.size=64")) {
            AutoBatch auto = new AutoBatch(setup, MemoryMeter.of(setup.compute()), 1 << 20, BATCH);
            assertThatThrownBy(auto::find)
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("--auto-batch: one image on a rank takes about ")
                    .hasMessageContaining("start fewer ranks a host");
        }
    }

    @Test
    void theGlobalBatchStaysWhenItIsCut() {
        try (Communicator alone = Communicator.alone();
                TrainingSetup setup = setup(alone, "data.size=64", "train.micro_batch=2")) {
            AutoBatch.Fitted fitted = AutoBatch.fit(setup);
            assertThat(fitted.setup().recipe().train().batch()).isEqualTo(BATCH);
            assertThat(fitted.setup().recipe().train().microBatch()).isEqualTo(BATCH);
            assertThat(fitted.setup().share().pieces()).isEqualTo(1);
            assertThat(fitted.lines().get(1))
                    .contains("train.micro_batch = 24; the global batch stays at 24 images, computed in 1 pieces;")
                    .contains("the largest without pieces would be about train.batch = ");
        }
    }
}
