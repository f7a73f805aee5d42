package yolompi.train.setup;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import yolompi.InputException;
import yolompi.data.Batch;
import yolompi.data.augment.Augmenter;
import yolompi.data.loader.BatchLoader;
import yolompi.data.loader.BatchLoader.StepRange;
import yolompi.data.sampler.ClassBalance;
import yolompi.data.sampler.EpochPlan;
import yolompi.data.sampler.InputSizes;
import yolompi.data.sampler.RankShare;
import yolompi.data.sampler.SampleOrder;
import yolompi.distributed.Agreement;
import yolompi.distributed.Communicator;
import yolompi.distributed.collective.GatheredRows;
import yolompi.distributed.collective.TensorGroup;
import yolompi.distributed.device.ComputeChoice;
import yolompi.distributed.device.HostResources;
import yolompi.distributed.world.World;
import yolompi.model.Architecture;
import yolompi.model.Layer.SharedStatistics;
import yolompi.model.Network;
import yolompi.model.darknet.ArchitectureReader;
import yolompi.recipe.OptimizerRecipe;
import yolompi.recipe.Recipe;
import yolompi.recipe.RecipeFile;
import yolompi.torch.Compute;
import yolompi.train.stop.EarlyStopping;
import yolompi.weights.TrainedModel;

/**
 * All parts of a training that are known before its first step, checked.
 *
 * @param classBalance how often each image is read, if the recipe balances classes; computed once,
 *     because it reads every box
 * @param cores processors that this rank may use
 * @param compute device and precision of this rank
 */
public record TrainingSetup(
        Recipe recipe,
        Communicator ranks,
        TrainingData data,
        Architecture architecture,
        Optional<ClassBalance> classBalance,
        Path runFolder,
        int cores,
        Compute compute)
        implements AutoCloseable {
    public static final String SAMPLE_ORDER = "sample_order";
    public static final String VALIDATION_DATA = "val_fingerprint";

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
        Compute compute = ComputeChoice.of(recipe, ranks);
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
            TrainingSetup complete = new TrainingSetup(
                    recipe, ranks, data, architecture, classBalance(recipe, data), runFolder, cores, compute);
            complete.freezing();
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
    public void checkBatch() {
        Batch.bytesOf(share().largest(), sizes().largest());
        Batch.bytesOf(recipe.eval().batch(), recipe.data().size());
        SetupChecks.batchNorms(this);
    }

    /** Returns the same setup with another recipe, which must name the same data and model. */
    public TrainingSetup with(Recipe changed) {
        return new TrainingSetup(
                changed, ranks, data, architecture, classBalance(changed, data), runFolder, cores, compute);
    }

    private void checkSameOnAllRanks() {
        Map<String, String> fields = new LinkedHashMap<>();
        RecipeFile.entries(recipe).forEach((key, value) -> fields.put("recipe (" + key + ")", value));
        fields.put("model (model.cfg)", architecture.text());
        data.fingerprints().forEach((key, value) -> fields.put("data set (" + key + ")", value));
        fields.put("order of samples (shards of data.train)", order().describe());
        Agreement.same(ranks, fields);
    }

    /** Number of compute threads of this rank. */
    public int threads() {
        return recipe.train().threads() > 0 ? recipe.train().threads() : cores;
    }

    /** Returns this rank's part of each global batch. */
    public RankShare share() {
        World world = ranks.world();
        return new RankShare(recipe.train().batch(), mostAtOnce(), world.rank(), world.size());
    }

    /** With several replicas, each one needs a micro-batch. */
    private int mostAtOnce() {
        int wanted = recipe.train().microBatch();
        int replicas = recipe.dist().replicas();
        int forEachReplica = -Math.floorDiv(-recipe.train().batch(), replicas);
        return replicas == 1 || (wanted > 0 && wanted < forEachReplica) ? wanted : forEachReplica;
    }

    /** Returns the order of the training samples. */
    public SampleOrder order() {
        return switch (recipe.data().shuffle()) {
            case FULL ->
                classBalance
                        .map(balance -> SampleOrder.balanced(balance, recipe.seed()))
                        .orElseGet(() -> SampleOrder.full(data.train().size(), recipe.seed()));
            case WINDOW ->
                SampleOrder.windows(data.train().recordCounts(), recipe.data().shuffleWindow(), recipe.seed());
        };
    }

    private static Optional<ClassBalance> classBalance(Recipe recipe, TrainingData data) {
        double strength = recipe.data().classBalance();
        return strength == 0 ? Optional.empty() : Optional.of(ClassBalance.of(data.train(), strength));
    }

    /** Returns what all ranks together read in each step. */
    public EpochPlan plan() {
        return new EpochPlan(order(), recipe.train().batch());
    }

    /** Number of steps of the whole training. */
    public long totalSteps() {
        return plan().totalSteps(recipe.train().epochs());
    }

    /** Returns which layers are frozen, and until when. */
    public Freezing freezing() {
        return Freezing.of(recipe.model(), architecture, plan());
    }

    /**
     * Creates the network to train. Its batch norms synchronize their statistics over the group if
     * the recipe says so.
     */
    public Network network(TensorGroup group) {
        // Also on one rank: LibTorch's own batch norm rounds in another order.
        boolean shared = recipe.model().syncBatchNorm();
        Optional<SharedStatistics> statistics =
                shared ? Optional.of(new GatheredRows(group)::gather) : Optional.empty();
        return new Network(architecture, recipe.seed(), compute, statistics);
    }

    /** Returns the input size of each step. */
    public InputSizes sizes() {
        return InputSizes.of(recipe.data(), recipe.seed());
    }

    /**
     * Starts to load this rank's part of the steps from {@code first} (inclusive) to {@code end}
     * (exclusive).
     */
    public BatchLoader load(long first, long end) {
        return load(first, end, share());
    }

    /** Starts to load the whole global batches of these steps. */
    public BatchLoader loadWhole(long first, long end) {
        return load(first, end, new RankShare(recipe.train().batch(), share().largest(), 0, 1));
    }

    private BatchLoader load(long first, long end, RankShare share) {
        SampleOrder order = order();
        Augmenter augmenter = Augmenter.training(
                        recipe.augment(), recipe.seed(), recipe.train().epochs())
                .joiningBy(order);
        EpochPlan plan = new EpochPlan(order, recipe.train().batch());
        StepRange steps = StepRange.of(plan, first, end, share, sizes());
        return BatchLoader.start(data.train(), augmenter, steps, loading());
    }

    public BatchLoader.Settings loading() {
        return new BatchLoader.Settings(workers(), recipe.data().prefetchSteps());
    }

    private int workers() {
        return recipe.data().workers() > 0 ? recipe.data().workers() : cores;
    }

    /** Explains how the learning rate was calculated. */
    public String learningRateReason() {
        OptimizerRecipe optimizer = recipe.optimizer();
        int batch = recipe.train().batch();
        double factor = optimizer.scaledLearningRate(batch) / optimizer.learningRate();
        double unbounded = batch / optimizer.referenceBatch();
        return "%.4g for a batch of %.0f, times %.4g for a batch of %d%s"
                .formatted(
                        optimizer.learningRate(),
                        optimizer.referenceBatch(),
                        factor,
                        batch,
                        unbounded < optimizer.minBatchScale()
                                ? " (the minimum: optimizer.min_batch_scale)"
                                : unbounded > optimizer.maxBatchScale()
                                        ? " (the maximum: optimizer.max_batch_scale)"
                                        : "");
    }

    /** Returns the metadata of a checkpoint in addition to the state. */
    public Map<String, String> metadata() {
        Map<String, String> metadata =
                TrainedModel.describe(recipe, architecture, data.train().names());
        metadata.putAll(TrainedModel.describe(data.train().categoryIds()));
        metadata.put("data_fingerprint", data.train().fingerprint());
        data.val().ifPresent(shards -> metadata.put(VALIDATION_DATA, shards.fingerprint()));
        metadata.put(SAMPLE_ORDER, order().describe());
        return metadata;
    }

    @Override
    public void close() {
        data.close();
    }
}
