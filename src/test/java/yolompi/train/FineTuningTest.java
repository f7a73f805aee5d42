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
import yolompi.distributed.Agreement.AgreedException;
import yolompi.distributed.Communicator;
import yolompi.recipe.RecipeFile;
import yolompi.torch.LoadLibTorch;
import yolompi.train.setup.TrainingSetup;
import yolompi.train.stop.StopSignal;
import yolompi.train.stop.Stopping;
import yolompi.train.stop.Stopping.RunOutcome;

/** Runs that start from pretrained weights, freeze layers or stop early, in this process. */
@ExtendWith(LoadLibTorch.class)
class FineTuningTest {
    private static final Optional<Double> NO_LIMIT = Optional.empty();
    /** Less than the age of the process: the run stops after one step. */
    private static final Optional<Double> ONE_STEP = Optional.of(1e-6);

    @TempDir
    private static Path folder;

    private static Path recipe;
    private static Path pretrained;

    /** Two steps per epoch. */
    @BeforeAll
    static void trainPretrainedWeights() {
        recipe = PackedShapes.in(folder, 8, 2).recipe("fine", PackedShapes.SMALL, """
                train.batch = 4
                data.size = 64
                schedule.warmup_epochs = 0.0
                eval.every_epochs = 1
                """);
        train("pretrained", false, NO_LIMIT, "train.epochs=1", "seed=7");
        pretrained = last("pretrained");
    }

    private static RunOutcome train(String name, boolean resume, Optional<Double> minutes, String... changes) {
        try (Communicator alone = Communicator.alone();
                TrainingSetup setup =
                        TrainingSetup.prepare(RecipeFile.read(recipe, List.of(changes)), run(name), alone);
                Stopping stopping = Stopping.by(
                        new Stopping.Rules(Stopping.Rules.DEFAULT_SIGNAL, minutes), StopSignal.early(), alone)) {
            Files.createDirectories(run(name));
            try (Trainer trainer = new Trainer(setup, List.of())) {
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
    void runResumedAfterEachStepEqualsUninterruptedRun() throws IOException {
        String[] changes = fineTuning("adamw");
        assertThat(train("uninterrupted", false, NO_LIMIT, changes)).isEqualTo(RunOutcome.DONE);
        assertThat(train("resumed", true, ONE_STEP, changes)).isEqualTo(RunOutcome.STOPPED);
        assertThat(differing(last("resumed"), pretrained, "model/", FineTuningTest::isBackbone))
                .isEmpty();
        assertThat(differing(last("resumed"), pretrained, "model/", name -> !isBackbone(name)))
                .isNotEmpty();
        for (int step = 2; step <= 4; step++) {
            train("resumed", true, ONE_STEP, changes);
        }

        Checkpoint uninterrupted = Safetensors.read(last("uninterrupted"));
        assertThat(differing(last("resumed"), last("uninterrupted"), "", name -> true))
                .isEmpty();
        assertThat(uninterrupted.metadata()).containsEntry("averaged", "4").containsEntry("step", "4");
        assertThat(differing(last("uninterrupted"), pretrained, "model/", FineTuningTest::isBackbone))
                .hasSize(5 * 2);
        assertThat(uninterrupted
                        .tensor("optimizer/steps/layers.0.conv.weight")
                        .orElseThrow()
                        .bytes()
                        .getFloat())
                .isEqualTo(2);
        assertThat(uninterrupted
                        .tensor("optimizer/steps/layers.4.conv.weight")
                        .orElseThrow()
                        .bytes()
                        .getFloat())
                .isEqualTo(4);
        assertThat(log("uninterrupted"))
                .contains("weights from " + pretrained + ": 17 of 17 tensors")
                .contains("layers 0-2 are frozen (", "until the end of epoch 1")
                .contains("step 3: all layers are trained from here on");
        assertThat(log("resumed")).containsOnlyOnce("weights from ");
    }

    @Test
    void averageStartsAtThePretrainedWeights() {
        train("average", false, ONE_STEP, fineTuning("sgd"));
        assertThat(differing(last("average"), pretrained, "ema/", FineTuningTest::isBackbone))
                .isEmpty();
    }

    @Test
    void resumedRunDoesNotReadThePretrainedWeights() throws IOException {
        Path copy = Files.copy(pretrained, folder.resolve("copy.safetensors"));
        String[] changes = {"train.epochs=1", "model.weights=" + copy};
        train("moved", false, ONE_STEP, changes);
        Files.delete(copy);
        assertThat(train("moved", true, NO_LIMIT, changes)).isEqualTo(RunOutcome.DONE);
        assertThatThrownBy(() -> train("anew", true, NO_LIMIT, changes))
                .isInstanceOf(AgreedException.class)
                .hasMessageContaining("copy.safetensors: no such file");
    }

    @Test
    void runStopsEarlyAndResumesWithMorePatience() throws IOException {
        // The learning rate is almost 0, so mAP does not change.
        String[] changes = {"train.epochs=4", "train.patience=1", "optimizer.learning_rate=1e-12"};
        assertThat(train("early", false, NO_LIMIT, changes)).isEqualTo(RunOutcome.DONE);
        assertThat(Safetensors.readMetadata(last("early")))
                .containsEntry("epoch", "2")
                .containsEntry("epochs_ended", "2")
                .containsEntry("best_epoch", "1");
        assertThat(log("early")).contains("training ends early: mAP@0.5:0.95 has not improved since epoch 1: ");

        assertThat(train("early", true, NO_LIMIT, changes)).isEqualTo(RunOutcome.DONE);
        assertThat(Safetensors.readMetadata(last("early"))).containsEntry("epoch", "2");
        assertThat(log("early").lines().filter(line -> line.contains("training ends early: ")))
                .hasSize(2);

        changes[1] = "train.patience=3";
        assertThat(train("early", true, NO_LIMIT, changes)).isEqualTo(RunOutcome.DONE);
        assertThat(Safetensors.readMetadata(last("early"))).containsEntry("epoch", "4");
    }

    @Test
    void invalidFreezeAndPatienceAreRefused() {
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

    /**
     * Names, without the prefix, of tensors that differ in any bit from the averaged weights in the
     * other file. With an empty prefix they are compared with its tensors of the same name.
     */
    private static List<String> differing(Path file, Path other, String prefix, Predicate<String> chosen) {
        Checkpoint found = Safetensors.read(file);
        Checkpoint expected = Safetensors.read(other);
        List<String> names = new ArrayList<>();
        for (NamedTensor tensor : found.tensors()) {
            String name = tensor.name();
            if (name.startsWith(prefix) && chosen.test(name.substring(prefix.length()))) {
                String counterpart = prefix.isEmpty() ? name : "ema/" + name.substring(prefix.length());
                if (!expected.tensor(counterpart).orElseThrow().bytes().equals(tensor.bytes())) {
                    names.add(name.substring(prefix.length()));
                }
            }
        }
        return names;
    }
}
