package yolompi.train.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import yolompi.InputException;
import yolompi.data.PackedShapes;
import yolompi.distributed.Communicator;
import yolompi.ranks.RankLauncher;
import yolompi.ranks.RankOutcome;
import yolompi.recipe.RecipeFile;
import yolompi.torch.LoadLibTorch;
import yolompi.train.setup.TrainingSetup;

/** Measures real steps on this machine's CPU. */
@ExtendWith(LoadLibTorch.class)
class AutoBatchTest {
    private static final int BATCH = 24;

    @TempDir
    private static Path folder;

    private static Path recipe;

    @BeforeAll
    static void drawShapes() {
        recipe = PackedShapes.in(folder, 4, 1).recipe("auto", "yolov3-tiny", """
                train.batch = %d
                data.size = 160
                """.formatted(BATCH));
    }

    private static TrainingSetup setup(Communicator alone, String... changes) {
        return TrainingSetup.prepare(RecipeFile.read(recipe, List.of(changes)), folder, alone);
    }

    @Test
    @Tag("mpi")
    void fittedBatchStaysWithinTheMemory() {
        RankOutcome outcome =
                RankLauncher.ofMain(AutoBatchProgram.class).inOwnProcesses().run(recipe.toString());

        assertThat(outcome.exitCode()).as(outcome.output(0)).isZero();
        String[] free = found(outcome, "free");
        assertThat(Integer.parseInt(free[1])).isEqualTo(BATCH);
        assertThat(Integer.parseInt(free[2])).isGreaterThan(BATCH);
        assertThat(Double.parseDouble(free[3])).isBetween(1e6, 3e7);
        String[] tight = found(outcome, "tight");
        assertThat(Integer.parseInt(tight[1])).isBetween(1, BATCH - 1).isEqualTo(Integer.parseInt(tight[2]));
        assertThat(tight[4]).as("tried").isEqualTo("true");
        assertThat(tight[5]).as("fits").isEqualTo("true");
    }

    private static String[] found(RankOutcome outcome, String name) {
        return outcome.lines(0).stream()
                .filter(line -> line.startsWith(name + " "))
                .findFirst()
                .orElseThrow(() -> new AssertionError(outcome.output(0)))
                .split(" ", -1);
    }

    @Test
    void memoryTooSmallForOneImageIsRefused() {
        try (Communicator alone = Communicator.alone();
                TrainingSetup setup = setup(alone, "data.size=64")) {
            AutoBatch auto = new AutoBatch(
                    setup.plan(), setup.architecture(), setup.device(), MemoryMeter.of(setup.device()), 1 << 20, BATCH);
            assertThatThrownBy(auto::find)
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("--auto-batch: one image per rank needs about ")
                    .hasMessageContaining("start fewer ranks per host");
        }
    }

    @Test
    void outOfMemoryErrorOfTheHostIsRecognized() {
        try (PointerScope scope = new PointerScope()) {
            assertThatThrownBy(() -> torch.empty(1L << 50))
                    .isInstanceOfSatisfying(RuntimeException.class, failure -> assertThat(AutoBatch.saysNoRoom(failure))
                            .isTrue());
            assertThatThrownBy(() -> torch.ones(2).add(torch.ones(3)))
                    .isInstanceOfSatisfying(RuntimeException.class, failure -> assertThat(AutoBatch.saysNoRoom(failure))
                            .isFalse());
        }
    }

    @Test
    void autoBatchKeepsTheGlobalBatch() {
        try (Communicator alone = Communicator.alone();
                TrainingSetup setup = setup(alone, "data.size=64", "train.micro_batch=2")) {
            AutoBatch.Fitted fitted = AutoBatch.fit(alone, setup.plan(), setup.architecture(), setup.device());
            assertThat(fitted.recipe().train().batch()).isEqualTo(BATCH);
            assertThat(fitted.recipe().train().microBatch()).isEqualTo(BATCH);
            assertThat(setup.with(fitted.recipe()).plan().share().pieces()).isEqualTo(1);
            assertThat(fitted.lines().get(1))
                    .contains("train.micro_batch = 24; the global batch stays at 24 images, in 1 micro-batch")
                    .contains("the largest batch without accumulation is about train.batch = ");
        }
    }
}
