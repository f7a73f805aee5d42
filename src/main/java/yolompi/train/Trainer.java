package yolompi.train;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import org.bytedeco.javacpp.PointerScope;
import yolompi.InputException;
import yolompi.checkpoint.Checkpoint;
import yolompi.checkpoint.CheckpointStore;
import yolompi.checkpoint.SaveRequest;
import yolompi.checkpoint.TrainState;
import yolompi.data.Augmenter;
import yolompi.data.BatchLoader;
import yolompi.data.EpochPlan;
import yolompi.data.LoadedStep;
import yolompi.data.LoaderSettings;
import yolompi.data.StepRange;
import yolompi.detect.Detector;
import yolompi.dist.Activity;
import yolompi.dist.AgreedException;
import yolompi.dist.Communicator;
import yolompi.dist.World;
import yolompi.eval.CocoMetrics;
import yolompi.eval.Evaluator;
import yolompi.eval.MeanAveragePrecision;
import yolompi.model.Network;
import yolompi.recipe.Recipe;
import yolompi.report.Durations;
import yolompi.report.TrainingProgress;

/** The training loop: load, step, and at the end of an epoch evaluate and save. All ranks run it alike. */
public final class Trainer implements AutoCloseable {
    /** So many steps without a finite loss in a row will not mend themselves. */
    private static final int MOST_SKIPPED_IN_A_ROW = 10;

    private final TrainingSetup setup;
    private final Recipe recipe;
    private final Communicator ranks;
    private final EpochPlan plan;
    private final long totalSteps;
    private final LearningRate learningRate;
    private final TrainStep trainStep;
    private final Optional<Ema> ema;
    private final TrainingTensors tensors;
    private final CheckpointStore store;
    private final Network evaluated;

    private TrainState state = TrainState.START;
    private Optional<Evaluation> newest = Optional.empty();
    private int skippedInARow;

    /** Builds everything that lives as long as the run; collective. */
    public Trainer(TrainingSetup setup) {
        this.setup = setup;
        this.recipe = setup.recipe();
        this.ranks = setup.ranks();
        Network network = new Network(setup.architecture(), recipe.seed());
        this.plan = new EpochPlan(setup.data().train().size(), recipe.train().batch(), recipe.seed());
        this.totalSteps = plan.totalSteps(recipe.train().epochs());
        this.learningRate = new LearningRate(
                recipe.schedule(),
                recipe.optimizer().scaledLearningRate(recipe.train().batch()),
                (double) setup.data().train().size() / recipe.train().batch(),
                totalSteps);
        this.trainStep = new TrainStep(network, recipe, ranks, setup.bf16());
        this.ema = recipe.train().emaDecay() == 0
                ? Optional.empty()
                : Optional.of(new Ema(
                        network,
                        new Network(setup.architecture(), recipe.seed()),
                        recipe.train().emaDecay()));
        this.tensors = new TrainingTensors(network, ema, trainStep.optimizer());
        this.store = new CheckpointStore(setup.runFolder().resolve("checkpoints"));
        this.evaluated = ema.map(Ema::network).orElse(network);
    }

    /** Goes on from the newest valid checkpoint of the run folder, or starts where there is none; collective. */
    public void resume() {
        Resumption resumption = new Resumption(setup, store, tensors);
        state = resumption.restore().orElse(TrainState.START);
        if (state.step() > totalSteps) {
            throw new AgreedException("the checkpoint is from step %d, but train.epochs = %d ends at step %d; raise it"
                    .formatted(state.step(), recipe.train().epochs(), totalSteps));
        }
        trainStep.share(tensors.tensors());
    }

    /** Trains to the end; collective. */
    public void run() {
        World world = ranks.world();
        StepRange steps = StepRange.of(plan, state.step(), totalSteps, world.rank(), world.size());
        Augmenter augmenter = new Augmenter(recipe.augment(), recipe.seed());
        var extent = new TrainingProgress.Extent(recipe.train().epochs(), totalSteps, state.step());
        try (RunReport report = RunReport.open(setup, extent);
                BatchLoader loader = BatchLoader.start(setup.data().train(), augmenter, steps, setup.loading())) {
            report.say("learning rate %.4g at its peak: %s".formatted(learningRate.peak(), setup.learningRateReason()));
            while (loader.hasNext()) {
                step(loader, report);
            }
            report.say("done: %d epochs, %d steps; checkpoints in %s"
                    .formatted(state.epoch(), state.step(), setup.runFolder().resolve("checkpoints")));
        }
    }

    private void step(BatchLoader loader, RunReport report) {
        try {
            ranks.status().step(state.step() + 1, Activity.LOADING);
            LoadedStep loaded = loader.next();
            double rate = learningRate.at(state.step());
            TrainStep.Result result = trainStep.run(loaded.batches(), rate);
            skippedInARow = result.finite() ? 0 : skippedInARow + 1;
            if (result.finite()) {
                ema.ifPresent(average -> average.update(state.step()));
            }
            int epochsBefore = state.epoch();
            state = stateAfterStep();
            report.step(epochsBefore + 1, state.step(), result, rate, loader.waitNanos());
            giveUpOnSkipping();
            if (state.epoch() > epochsBefore || state.step() == totalSteps) {
                report.pause(() -> endEpochs(epochsBefore, report));
            }
        } catch (AgreedException e) {
            throw e;
        } catch (InputException e) {
            throw new InputException("step %d: %s".formatted(state.step() + 1, e.getMessage()), e);
        } catch (RuntimeException e) {
            throw new IllegalStateException("step %d: %s".formatted(state.step() + 1, e.getMessage()), e);
        }
    }

    private TrainState stateAfterStep() {
        long done = state.step() + 1;
        int epochs = Math.min(plan.epochsCompleted(done), recipe.train().epochs());
        return new TrainState(done, epochs, done * recipe.train().batch(), state.bestFitness(), state.bestEpoch());
    }

    private void giveUpOnSkipping() {
        if (skippedInARow >= MOST_SKIPPED_IN_A_ROW) {
            throw new AgreedException(("step %d: the loss was not finite in %d steps in a row;"
                            + " lower optimizer.learning_rate or lengthen schedule.warmup_epochs")
                    .formatted(state.step(), skippedInARow));
        }
    }

    private void endEpochs(int epochsBefore, RunReport report) {
        boolean last = state.step() == totalSteps;
        newest = last || due(epochsBefore, recipe.eval().everyEpochs()) ? evaluate(report) : Optional.empty();
        boolean best =
                newest.map(found -> found.fitness() > state.bestFitness()).orElse(false);
        if (best) {
            state = new TrainState(
                    state.step(),
                    state.epoch(),
                    state.samples(),
                    newest.orElseThrow().fitness(),
                    state.epoch());
        }
        double loss = report.endEpoch(state.epoch(), state.step(), newest);
        boolean keep = due(epochsBefore, recipe.checkpoint().everyEpochs());
        if (best || keep || last || due(epochsBefore, recipe.checkpoint().lastEveryEpochs())) {
            save(loss, best, keep, report);
        }
    }

    /** Whether one of the epochs that just ended is a multiple of {@code every}; 0 is never. */
    private boolean due(int epochsBefore, int every) {
        return every > 0 && state.epoch() / every > epochsBefore / every;
    }

    private Optional<Evaluation> evaluate(RunReport report) {
        return setup.data().val().map(shards -> {
            long begin = System.nanoTime();
            LoaderSettings settings = setup.evaluationLoading();
            Detector detector = new Detector(evaluated, recipe.eval(), setup.bf16());
            MeanAveragePrecision found =
                    CocoMetrics.measure(new Evaluator(shards, settings, ranks).run(detector), shards.names());
            report.say("epoch %d  mAP@0.5 %.4f  mAP@0.5:0.95 %.4f  (%d images, %s)"
                    .formatted(
                            state.epoch(),
                            found.map50(),
                            found.map5095(),
                            shards.size(),
                            Durations.text(java.time.Duration.ofNanos(System.nanoTime() - begin))));
            return new Evaluation(found.map50(), found.map5095());
        });
    }

    private void save(double loss, boolean best, boolean keep, RunReport report) {
        if (ranks.world().isFirst()) {
            ranks.status().enter(Activity.SAVING);
            OptionalDouble map50 =
                    newest.map(found -> OptionalDouble.of(found.map50())).orElse(OptionalDouble.empty());
            // The scope, not the garbage collector, frees what is copied for the file: it is as large as the whole
            // training state.
            try (PointerScope scope = new PointerScope()) {
                Checkpoint checkpoint = new Checkpoint(setup.metadata(), tensors.views());
                Path file = store.save(new SaveRequest(state, loss, map50, best, keep, checkpoint));
                report.say("saved " + file + (best ? " (best so far)" : ""));
            }
        }
    }

    @Override
    public void close() {
        trainStep.close();
    }
}
