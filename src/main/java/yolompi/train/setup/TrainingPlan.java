package yolompi.train.setup;

import java.util.Optional;
import yolompi.data.augment.Augmenter;
import yolompi.data.loader.BatchLoader;
import yolompi.data.loader.BatchLoader.StepRange;
import yolompi.data.sampler.EpochPlan;
import yolompi.data.sampler.MultiScale;
import yolompi.data.sampler.RankShare;
import yolompi.data.sampler.RepeatFactors;
import yolompi.data.sampler.SampleOrder;
import yolompi.data.shard.ShardSet;
import yolompi.distributed.world.World;
import yolompi.optim.Schedule;
import yolompi.recipe.Recipe;

/**
 * What this rank reads and computes in each step: the order of the samples, its part of each global
 * batch, input sizes, threads and loader.
 *
 * @param shards training data
 * @param classBalance how often each image is read, if the recipe balances classes; computed once,
 *     because it reads every box
 * @param cores processors that this rank may use
 */
public record TrainingPlan(
        Recipe recipe, World world, ShardSet shards, Optional<RepeatFactors> classBalance, int cores) {
    /** Metadata key of a checkpoint: description of the order of the samples. */
    public static final String SAMPLE_ORDER = "sample_order";

    /** Plans a training on these shards. */
    static TrainingPlan of(Recipe recipe, World world, ShardSet shards, int cores) {
        double strength = recipe.data().classBalance();
        Optional<RepeatFactors> classBalance =
                strength == 0 ? Optional.empty() : Optional.of(RepeatFactors.of(shards, strength));
        return new TrainingPlan(recipe, world, shards, classBalance, cores);
    }

    /** Returns the plan with another recipe, which must name the same data. */
    public TrainingPlan with(Recipe changed) {
        return of(changed, world, shards, cores);
    }

    /** Returns this rank's part of each global batch. */
    public RankShare share() {
        return new RankShare(recipe.train().batch(), mostAtOnce(), world.rank(), world.size());
    }

    /** With several replicas, each one needs a micro-batch. */
    private int mostAtOnce() {
        int requested = recipe.train().microBatch();
        int replicas = recipe.dist().replicas();
        int forEachReplica = -Math.floorDiv(-recipe.train().batch(), replicas);
        return replicas == 1 || (requested > 0 && requested < forEachReplica) ? requested : forEachReplica;
    }

    /** Returns the order of the training samples. */
    public SampleOrder order() {
        return switch (recipe.data().shuffle()) {
            case FULL ->
                classBalance
                        .map(balance -> SampleOrder.balanced(balance, recipe.seed()))
                        .orElseGet(() -> SampleOrder.full(shards.size(), recipe.seed()));
            case WINDOW ->
                SampleOrder.windows(shards.recordCounts(), recipe.data().shuffleWindow(), recipe.seed());
        };
    }

    /** Returns what all ranks together read in each step. */
    public EpochPlan epochs() {
        return new EpochPlan(order(), recipe.train().batch());
    }

    /** Number of steps of the whole training. */
    public long totalSteps() {
        return epochs().totalSteps(recipe.train().epochs());
    }

    /** Returns the learning rates of all steps. */
    public Schedule schedule() {
        int batch = recipe.train().batch();
        double stepsPerEpoch = (double) shards.size() / batch;
        return Schedule.of(recipe.schedule(), recipe.optimizer(), batch, stepsPerEpoch, totalSteps());
    }

    /** Number of compute threads of this rank. */
    public int threads() {
        return recipe.train().threads() > 0 ? recipe.train().threads() : cores;
    }

    /** Returns the input size of each step. */
    public MultiScale sizes() {
        return MultiScale.of(recipe.data(), recipe.seed());
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
        EpochPlan epochs = new EpochPlan(order, recipe.train().batch());
        StepRange steps = StepRange.of(epochs, first, end, share, sizes());
        return BatchLoader.start(shards, augmenter, steps, loading());
    }

    /** Returns the settings of the loaders of training and evaluation. */
    public BatchLoader.Settings loading() {
        return new BatchLoader.Settings(workers(), recipe.data().prefetchSteps());
    }

    private int workers() {
        return recipe.data().workers() > 0 ? recipe.data().workers() : cores;
    }
}
