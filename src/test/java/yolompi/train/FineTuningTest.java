package yolompi.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import yolompi.checkpoint.Checkpoint;
import yolompi.checkpoint.NamedTensor;
import yolompi.checkpoint.Safetensors;
import yolompi.data.PackedShapes;
import yolompi.dist.AgreedException;
import yolompi.dist.Communicator;
import yolompi.recipe.RecipeFile;
import yolompi.torch.LoadLibTorch;

/** Runs that begin from weights, freeze layers and end early, in this process. */
@ExtendWith(LoadLibTorch.class)
class FineTuningTest {
    private static final Optional<Double> NO_LIMIT = Optional.empty();
    /** The process is older already: it stops after each step. */
    private static final Optional<Double> ONE_STEP = Optional.of(1e-6);

    /** Layers 0 to 2 are its backbone. */
    private static final String CFG = """
            [net]
            [convolutional]
            batch_normalize=1
            filters=8
            size=3
            stride=2
            pad=1
            activation=leaky
            [maxpool]
            size=2
            stride=2
            [convolutional]
            batch_normalize=1
            filters=16
            size=3
            pad=1
            activation=leaky
            [convolutional]
            batch_normalize=1
            filters=16
            size=1
            activation=leaky
            [convolutional]
            filters=24
            size=1
            activation=linear
            [yolo]
            mask=0,1,2
            anchors=10,14, 23,27, 37,58
            classes=3
            num=3
            """;

    @TempDir
    private static Path folder;

    private static Path recipe;
    private static Path pretrained;

    /** Two steps an epoch. */
    @BeforeAll
    static void trainSomeWeights() throws IOException {
        Path cfg = Files.writeString(folder.resolve("small.cfg"), CFG);
        recipe = PackedShapes.in(folder, 8, 2).recipe("fine", cfg.toString(), """
                train.batch = 4
                data.size = 64
                schedule.warmup_epochs = 0.0
                eval.every_epochs = 1
                """);
        train("pretrained", false, NO_LIMIT, "train.epochs=1", "seed=7");
        pretrained = last("pretrained");
    }

    private static Ending train(String name, boolean resume, Optional<Double> minutes, String... changes) {
        try (Communicator alone = Communicator.alone();
                TrainingSetup setup =
                        TrainingSetup.prepare(RecipeFile.read(recipe, List.of(changes)), run(name), alone);
                Stopping stopping =
                        Stopping.by(new StopRules(StopRules.DEFAULT_SIGNAL, minutes), StopSignal.early(), alone)) {
            Files.createDirectories(run(name));
            try (Trainer trainer = new Trainer(setup)) {
                if (resume) {
                    trainer.resume();
                } else {
                    trainer.start();
                }
                return trainer.run(stopping);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Path run(String name) {
        return folder.resolve(name);
    }

    private static Path last(String name) {
        return run(name).resolve("checkpoints/last.safetensors");
    }

    private static String log(String name) throws IOException {
        return Files.readString(run(name).resolve("train.log"));
    }

    private static String[] fineTuning(String optimizer) {
        return new String[] {
            "train.epochs=2",
            "model.weights=" + pretrained,
            "model.freeze=backbone",
            "model.unfreeze_epoch=1",
            "optimizer.kind=" + optimizer,
        };
    }

    @Test
    void aRunThatIsCutAfterEachStepUnfreezesWhereAnUncutOneDoesAndEndsWithTheSameBits() throws IOException {
        String[] changes = fineTuning("adamw");
        assertThat(train("whole", false, NO_LIMIT, changes)).isEqualTo(Ending.DONE);
        assertThat(train("cut", true, ONE_STEP, changes)).isEqualTo(Ending.STOPPED);
        assertThat(differing(last("cut"), pretrained, "model/", FineTuningTest::isBackbone))
                .isEmpty();
        assertThat(differing(last("cut"), pretrained, "model/", name -> !isBackbone(name)))
                .isNotEmpty();
        for (int step = 2; step <= 4; step++) {
            train("cut", true, ONE_STEP, changes);
        }

        Checkpoint whole = Safetensors.read(last("whole"));
        assertThat(differing(last("cut"), last("whole"), "", name -> true)).isEmpty();
        assertThat(whole.metadata()).containsEntry("averaged", "4").containsEntry("step", "4");
        assertThat(differing(last("whole"), pretrained, "model/", FineTuningTest::isBackbone))
                .hasSize(5 * 2);
        assertThat(whole.tensor("optimizer/steps/layers.0.conv.weight")
                        .orElseThrow()
                        .bytes()
                        .getFloat())
                .isEqualTo(2);
        assertThat(whole.tensor("optimizer/steps/layers.4.conv.weight")
                        .orElseThrow()
                        .bytes()
                        .getFloat())
                .isEqualTo(4);
        assertThat(log("whole"))
                .contains("weights from " + pretrained + ": 17 of 17 tensors")
                .contains("layers 0-2 stay as they are (", "until epoch 1 is completed")
                .contains("step 3: all layers are trained from here on");
        assertThat(log("cut")).containsOnlyOnce("weights from ");
    }

    @Test
    void theFirstAverageIsThatOfTheWeightsTaken() {
        train("average", false, ONE_STEP, fineTuning("sgd"));
        assertThat(differing(last("average"), pretrained, "ema/", FineTuningTest::isBackbone))
                .isEmpty();
    }

    @Test
    void aRunThatIsResumedNeedsItsFirstWeightsNoMore() throws IOException {
        Path copy = Files.copy(pretrained, folder.resolve("copy.safetensors"));
        String[] changes = {"train.epochs=1", "model.weights=" + copy};
        train("moved", false, ONE_STEP, changes);
        Files.delete(copy);
        assertThat(train("moved", true, NO_LIMIT, changes)).isEqualTo(Ending.DONE);
        assertThatThrownBy(() -> train("anew", true, NO_LIMIT, changes))
                .isInstanceOf(AgreedException.class)
                .hasMessageContaining("copy.safetensors: no such file");
    }

    @Test
    void aRunThatGetsNoBetterEndsEarlyAndGoesOnWithMorePatience() throws IOException {
        // A rate of nearly nothing: the mean average precision stays where it was.
        String[] changes = {"train.epochs=4", "train.patience=1", "optimizer.learning_rate=1e-12"};
        assertThat(train("early", false, NO_LIMIT, changes)).isEqualTo(Ending.DONE);
        assertThat(Safetensors.readMetadata(last("early")))
                .containsEntry("epoch", "2")
                .containsEntry("epochs_ended", "2")
                .containsEntry("best_epoch", "1");
        assertThat(log("early")).contains("training ends early: no better mAP@0.5:0.95 since epoch 1: ");

        assertThat(train("early", true, NO_LIMIT, changes)).isEqualTo(Ending.DONE);
        assertThat(Safetensors.readMetadata(last("early"))).containsEntry("epoch", "2");
        assertThat(log("early").lines().filter(line -> line.contains("training ends early: ")))
                .hasSize(2);

        changes[1] = "train.patience=3";
        assertThat(train("early", true, NO_LIMIT, changes)).isEqualTo(Ending.DONE);
        assertThat(Safetensors.readMetadata(last("early"))).containsEntry("epoch", "4");
    }

    @Test
    void layersAndPatienceThatCanNotBeAreRefusedAtTheDoor() {
        assertThatThrownBy(() -> train("refused", false, NO_LIMIT, "model.freeze=0-99"))
                .isInstanceOf(AgreedException.class)
                .hasMessageContaining("expected layers 0 to 5");
        assertThatThrownBy(() -> train("random", false, NO_LIMIT, "model.freeze=0-2"))
                .isInstanceOf(AgreedException.class)
                .hasMessageContaining("without model.weights these layers would stay random");
        assertThatThrownBy(() -> train("refused", false, NO_LIMIT, "train.patience=2", "data.val="))
                .isInstanceOf(AgreedException.class)
                .hasMessageContaining("train.patience = 2");
        assertThat(run("refused")).doesNotExist();
    }

    private static boolean isBackbone(String name) {
        return Integer.parseInt(name.split("\\.", 3)[1]) < 3;
    }

    /** Names, without prefix, of tensors that are not bit for bit those of the other file's weights, or of the other's same ones. */
    private static List<String> differing(Path file, Path other, String prefix, Predicate<String> chosen) {
        Checkpoint found = Safetensors.read(file);
        Checkpoint expected = Safetensors.read(other);
        List<String> names = new ArrayList<>();
        for (NamedTensor tensor : found.tensors()) {
            String name = tensor.name();
            if (name.startsWith(prefix) && chosen.test(name.substring(prefix.length()))) {
                String wanted = prefix.isEmpty() ? name : "ema/" + name.substring(prefix.length());
                if (!expected.tensor(wanted).orElseThrow().bytes().equals(tensor.bytes())) {
                    names.add(name.substring(prefix.length()));
                }
            }
        }
        return names;
    }
}
