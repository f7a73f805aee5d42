package yolompi.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import yolompi.InputException;
import yolompi.checkpoint.Checkpoint;
import yolompi.checkpoint.CheckpointStore;
import yolompi.checkpoint.TrainState;
import yolompi.distributed.Agreement;
import yolompi.distributed.Agreement.AgreedException;
import yolompi.distributed.Communicator;
import yolompi.model.Network;
import yolompi.recipe.EvalRecipe.Fitness;
import yolompi.recipe.Recipe;
import yolompi.recipe.RecipeFile;
import yolompi.train.setup.TrainingData;
import yolompi.train.setup.TrainingPlan;
import yolompi.weights.PretrainedWeights;
import yolompi.weights.TrainedModel;
import yolompi.weights.TrainingTensors;

/**
 * Loads what a run starts with. To resume, rank 0 reads the newest valid checkpoint and sends the
 * state to all other ranks.
 *
 * @param metadata of this run's checkpoints in addition to the state
 * @param store in the run folder
 */
record CheckpointRestorer(
        Recipe recipe,
        Communicator ranks,
        Path runFolder,
        Map<String, String> metadata,
        CheckpointStore store,
        TrainingTensors tensors) {
    /**
     * Fills rank 0's network with the weights that the recipe names; collective.
     *
     * @param say receives lines for the run's log on rank 0
     * @return whether the recipe names any
     */
    boolean loadWeights(Network network, Consumer<String> say) {
        Agreement.on(ranks, () -> {
            if (ranks.world().isRankZero()) {
                PretrainedWeights.begin(recipe.model(), network).forEach(say);
            }
            return network;
        });
        return !recipe.model().weights().isBlank();
    }

    /**
     * Fills rank 0's tensors and sends the state to every rank; empty without a checkpoint;
     * collective.
     *
     * @param totalSteps of the training
     * @param say receives lines for the run's log on rank 0
     * @throws AgreedException on all ranks, if the checkpoint is from a later step
     */
    Optional<TrainState> restore(long totalSteps, Consumer<String> say) {
        List<String> found = Agreement.on(ranks, () -> ranks.world().isRankZero() ? read(say) : List.of());
        String[] fields = ranks.broadcast(String.join(" ", found)).split(" ");
        if (fields.length < 2) {
            return Optional.empty();
        }
        TrainState state = state(fields);
        if (state.step() > totalSteps) {
            throw new AgreedException("the checkpoint is from step %d, but train.epochs = %d ends at step %d; raise it"
                    .formatted(state.step(), recipe.train().epochs(), totalSteps));
        }
        return Optional.of(state);
    }

    private List<String> read(Consumer<String> say) {
        List<String> passedOver = new ArrayList<>();
        Optional<CheckpointStore.Found> newest = store.newestValid(passedOver::add);
        if (newest.isEmpty() && store.holdsStates()) {
            throw new InputException(runFolder
                    + ": none of its checkpoints can be read; to train from step 0 again, move the folder away or"
                    + " choose another --run-dir\n  " + String.join("\n  ", passedOver));
        }
        passedOver.forEach(say);
        if (newest.isEmpty()) {
            say.accept("no checkpoint to resume from in " + runFolder + "; starting at step 0");
            return List.of();
        }
        CheckpointStore.Found found = newest.get();
        checkData(found);
        checkBatch(found);
        checkOrder(found);
        tensors.restore(found.file().toString(), found.checkpoint());
        say.accept("resuming from " + found.file() + ", step " + found.state().step());
        changes(found.checkpoint()).ifPresent(say);
        return withItsBest(found, say).toMetadata().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toList();
    }

    /**
     * Lists recipe keys whose values changed since the checkpoint. A recipe of another version
     * can't be compared.
     */
    private Optional<String> changes(Checkpoint checkpoint) {
        Map<String, String> before;
        try {
            before = RecipeFile.entries(TrainedModel.recipe("checkpoint", checkpoint));
        } catch (InputException e) {
            return Optional.empty();
        }
        List<String> changed = new ArrayList<>();
        RecipeFile.entries(recipe).forEach((key, value) -> {
            if (!value.equals(before.get(key))) {
                changed.add("%s = %s (was %s)".formatted(key, value, before.get(key)));
            }
        });
        return changed.isEmpty()
                ? Optional.empty()
                : Optional.of("changed since that checkpoint: " + String.join(", ", changed));
    }

    /**
     * Returns the state with its best fitness, unless new evaluations can't be compared with it.
     */
    private TrainState withItsBest(CheckpointStore.Found found, Consumer<String> say) {
        Optional<String> change = found.state().bestEpoch() == 0 ? Optional.empty() : changeOfMeasure(found);
        change.ifPresent(what -> say.accept("%s: from the next evaluation on, a new best checkpoint is chosen, by %s"
                .formatted(what, recipe.eval().fitness().title())));
        return change.isPresent() ? found.state().withoutBest() : found.state();
    }

    /**
     * Returns why new evaluations can't be compared with earlier ones. Checkpoints of other
     * versions are not compared.
     */
    private Optional<String> changeOfMeasure(CheckpointStore.Found found) {
        String before = found.checkpoint().metadata().get(TrainingData.VALIDATION_FINGERPRINT);
        String now = metadata.get(TrainingData.VALIDATION_FINGERPRINT);
        boolean sameImages = before == null || now == null || now.equals(before);
        if (!sameImages) {
            return Optional.of("data.val is a different data set than before");
        }
        try {
            Fitness fitness =
                    TrainedModel.recipe("checkpoint", found.checkpoint()).eval().fitness();
            return fitness == recipe.eval().fitness() ? Optional.empty() : Optional.of("eval.fitness has changed");
        } catch (InputException e) {
            return Optional.empty();
        }
    }

    private void checkData(CheckpointStore.Found found) {
        String saved = found.checkpoint().metadata().getOrDefault(TrainingData.FINGERPRINT, "");
        if (!saved.equals(metadata.get(TrainingData.FINGERPRINT))) {
            throw new InputException(found.file()
                    + ": was trained on a different data set than data.train = "
                    + recipe.data().train() + "; resume with the same shards, or choose another --run-dir");
        }
    }

    /** A step determines the position among the samples only together with the global batch. */
    private void checkBatch(CheckpointStore.Found found) {
        TrainState saved = found.state();
        int batch = recipe.train().batch();
        if (saved.samples() != saved.step() * batch) {
            throw new InputException(("%s: found %d steps with %d images, but train.batch = %d expects %d images;"
                            + " resume with the run's original train.batch, or choose another --run-dir")
                    .formatted(found.file(), saved.step(), saved.samples(), batch, saved.step() * batch));
        }
    }

    /** With another order, the next samples could be ones that this epoch has already read. */
    private void checkOrder(CheckpointStore.Found found) {
        String order = metadata.get(TrainingPlan.SAMPLE_ORDER);
        String saved = found.checkpoint().metadata().getOrDefault(TrainingPlan.SAMPLE_ORDER, "");
        if (!saved.equals(order)) {
            throw new InputException(
                    ("%s: its sample order is '%s', but seed, data.shuffle, data.shuffle_window, data.class_balance and"
                                    + " the shards give '%s'; resume with the run's original values, or choose another"
                                    + " --run-dir")
                            .formatted(found.file(), saved, order));
        }
    }

    private static TrainState state(String[] fields) {
        Map<String, String> metadata = new LinkedHashMap<>();
        for (String field : fields) {
            int equals = field.indexOf('=');
            metadata.put(field.substring(0, equals), field.substring(equals + 1));
        }
        return TrainState.fromMetadata("rank 0", metadata);
    }
}
