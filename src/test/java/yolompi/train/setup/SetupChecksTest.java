package yolompi.train.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.data.PackedShapes;
import yolompi.distributed.Agreement.AgreedException;
import yolompi.distributed.Communicator;
import yolompi.recipe.RecipeFile;
import yolompi.torch.LoadLibTorch;

/** Recipes that are refused before training because it would fail later. */
@ExtendWith(LoadLibTorch.class)
class SetupChecksTest {
    @TempDir
    private static Path folder;

    private static Path recipe;

    @BeforeAll
    static void drawShapes() {
        recipe = PackedShapes.in(folder, 4, 1).recipe("small", "yolov3-tiny", "train.batch = 2\ndata.size = 32\n");
    }

    private static int steps(String... changes) {
        try (Communicator alone = Communicator.alone();
                TrainingSetup setup = TrainingSetup.prepare(RecipeFile.read(recipe, List.of(changes)), folder, alone)) {
            return (int) setup.plan().totalSteps();
        }
    }

    @Test
    void dataSetWithoutBoxesIsRefused() {
        Path empty = folder.resolve("empty");
        new PackedShapes(folder).packWithoutBoxes(empty);
        assertThatThrownBy(() -> steps("data.train=" + empty))
                .isInstanceOf(AgreedException.class)
                .hasMessageContainingAll("data.train", "none of its 1 images has a box");
    }

    @Test
    void batchNormOfOneValueIsRefused() {
        assertThatThrownBy(() -> steps("train.batch=1"))
                .isInstanceOf(AgreedException.class)
                .hasMessageContaining(
                        "layer 10 of yolov3-tiny.cfg: its batch norm would see one image at a time on a 1")
                .hasMessageContaining("(32 pixels, stride 32)");
        assertThatThrownBy(() -> steps("train.micro_batch=1")).hasMessageContaining("layer 10 of ");
        assertThatThrownBy(() -> steps("train.micro_batch=1", "data.sizes=[64, 32]"))
                .hasMessageContaining("layer 10 of ");
        assertThatThrownBy(() -> steps("train.batch=1", "model.sync_batch_norm=true"))
                .hasMessageContaining("layer 10 of ");
        assertThatThrownBy(() -> steps("train.batch=1", "model.freeze=0-14", "model.unfreeze_epoch=5"))
                .hasMessageContaining("layer 10 of ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "train.batch=2",
                "train.micro_batch=1 data.size=64",
                "train.micro_batch=1 data.sizes=[64]",
                "train.micro_batch=1 model.frozen_batch_norm=true",
                "train.micro_batch=1 model.freeze=0-18",
                "train.batch=3 train.micro_batch=2 model.sync_batch_norm=true data.size=64",
            })
    void batchNormOfSeveralOrNoValuesIsAccepted(String changes) {
        assertThat(steps(changes.split(" ", -1))).isPositive();
    }

    /** Each replica would silently normalize with its own images. */
    @Test
    void syncBatchNormOfReplicasIsRefused() {
        assertThatThrownBy(() -> steps("dist.replicas=2", "model.sync_batch_norm=true", "data.size=64"))
                .isInstanceOf(AgreedException.class)
                .hasMessageStartingWith("model.sync_batch_norm = true: found dist.replicas = 2");
        assertThat(steps("dist.replicas=2", "data.size=64")).isPositive();
    }

    @Test
    void unusedConvolutionsNeedARecipeKey() {
        assertThatThrownBy(() -> steps("model.cfg=" + PackedShapes.UNUSED_LAYER))
                .isInstanceOf(AgreedException.class)
                .hasMessage(PackedShapes.UNUSED_LAYER
                        + ": no [yolo] depends on the convolutions in layers 1; fix the file, or set"
                        + " dist.find_unused_parameters = true");
        assertThat(steps("model.cfg=" + PackedShapes.UNUSED_LAYER, "dist.find_unused_parameters=true"))
                .isPositive();
    }
}
