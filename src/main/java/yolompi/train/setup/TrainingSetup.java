package yolompi.train.setup;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import yolompi.InputException;
import yolompi.data.Batch;
import yolompi.distributed.Agreement;
import yolompi.distributed.Communicator;
import yolompi.distributed.device.DeviceChoice;
import yolompi.distributed.device.HostResources;
import yolompi.model.Architecture;
import yolompi.model.darknet.ArchitectureReader;
import yolompi.recipe.Recipe;
import yolompi.recipe.RecipeFile;
import yolompi.torch.DeviceContext;
import yolompi.train.stop.EarlyStopping;
import yolompi.weights.TrainedModel;

/**
 * All parts of a training that are known before its first step, checked.
 *
 * @param plan what this rank reads and computes in each step
 * @param device device and precision of this rank
 */
public record TrainingSetup(
        Recipe recipe,
        Communicator ranks,
        TrainingData data,
        Architecture architecture,
        TrainingPlan plan,
        Path runFolder,
        DeviceContext device)
        implements AutoCloseable {
    /**
     * Opens the data and the model of a recipe, and verifies that all ranks have the same;
     * collective.
     *
     * @throws Agreement.AgreedException on all ranks, if any rank finds an error
     */
    public static TrainingSetup prepare(Recipe recipe, Path runFolder, Communicator ranks) {
        return prepare(recipe, runFolder, ranks, Staging.NONE);
    }

    /** Same, with shards read from the copies of {@code staging}; collective. */
    public static TrainingSetup prepare(Recipe recipe, Path runFolder, Communicator ranks, Staging staging) {
        int cores = HostResources.cores(ranks);
        DeviceContext device = DeviceChoice.of(recipe, ranks);
        TrainingSetup setup = Agreement.on(ranks, () -> {
            SetupChecks.replicas(recipe, ranks.world());
            TrainingData data = TrainingData.open(recipe.data(), staging);
            Architecture architecture = ArchitectureReader.read(
                    recipe.model().cfg(),
                    recipe.model().anchors(),
                    data.train().names().size());
            SetupChecks.boxes(recipe, data.train());
            SetupChecks.size(recipe, architecture);
            SetupChecks.scaleBalance(recipe, architecture);
            SetupChecks.unusedLayers(recipe, architecture);
            TrainingPlan plan = TrainingPlan.of(recipe, ranks.world(), data.train(), cores);
            TrainingSetup complete = new TrainingSetup(recipe, ranks, data, architecture, plan, runFolder, device);
            complete.checkBatch();
            EarlyStopping.of(recipe);
            return complete;
        });
        setup.checkSameOnAllRanks();
        return setup;
    }

    /**
     * Checks that the batch can be split into micro-batches for all ranks, neither too large for
     * memory nor too small for batch norm.
     *
     * @throws InputException if it can't
     */
    private void checkBatch() {
        Freezing freezing = freezing();
        Batch.bytesOf(plan.share().largest(), plan.sizes().largest());
        Batch.bytesOf(recipe.eval().batch(), recipe.data().size());
        SetupChecks.batchNorms(architecture, plan, freezing);
    }

    /**
     * Returns the same setup with another batch or micro-batch; collective.
     *
     * @param changed names the same data and model
     * @throws yolompi.distributed.Agreement.AgreedException on all ranks, if the batch can't be
     *     split
     */
    public TrainingSetup with(Recipe changed) {
        TrainingSetup result =
                new TrainingSetup(changed, ranks, data, architecture, plan.with(changed), runFolder, device);
        return Agreement.on(ranks, () -> {
            result.checkBatch();
            return result;
        });
    }

    private void checkSameOnAllRanks() {
        Map<String, String> fields = new LinkedHashMap<>();
        RecipeFile.entries(recipe).forEach((key, value) -> fields.put("recipe (" + key + ")", value));
        fields.put("model (model.cfg)", architecture.text());
        data.fingerprints().forEach((key, value) -> fields.put("data set (" + key + ")", value));
        fields.put("order of samples (shards of data.train)", plan.order().describe());
        Agreement.same(ranks, fields);
    }

    /** Returns which layers are frozen, and until when. */
    public Freezing freezing() {
        return Freezing.of(recipe.model(), architecture, plan.epochs());
    }

    /** Returns the metadata of a checkpoint in addition to the state. */
    public Map<String, String> metadata() {
        Map<String, String> metadata =
                TrainedModel.describe(recipe, architecture, data.train().names());
        metadata.putAll(TrainedModel.describe(data.train().categoryIds()));
        metadata.put(TrainingData.FINGERPRINT, data.train().fingerprint());
        data.val().ifPresent(shards -> metadata.put(TrainingData.VALIDATION_FINGERPRINT, shards.fingerprint()));
        metadata.put(TrainingPlan.SAMPLE_ORDER, plan.order().describe());
        return metadata;
    }

    @Override
    public void close() {
        data.close();
    }
}
