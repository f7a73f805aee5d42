package yolompi.train;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import yolompi.InputException;
import yolompi.checkpoint.CheckpointStore;
import yolompi.checkpoint.TimeCosts;
import yolompi.checkpoint.TrainState;
import yolompi.data.LoadedStep;
import yolompi.data.loader.BatchLoader;
import yolompi.data.sampler.EpochPlan;
import yolompi.distributed.Agreement;
import yolompi.distributed.Agreement.AgreedException;
import yolompi.distributed.Communicator;
import yolompi.distributed.collective.Backends;
import yolompi.distributed.collective.TensorGroup;
import yolompi.distributed.watchdog.Activity;
import yolompi.model.Network;
import yolompi.model.Parameter;
import yolompi.optim.Ema;
import yolompi.optim.Rates;
import yolompi.optim.Schedule;
import yolompi.recipe.DistRecipe;
import yolompi.recipe.Recipe;
import yolompi.report.console.Counted;
import yolompi.report.console.TrainingProgress;
import yolompi.train.log.RunReport;
import yolompi.train.log.SampleTrace;
import yolompi.train.setup.Freezing;
import yolompi.train.setup.TrainingSetup;
import yolompi.train.step.SkippedSteps;
import yolompi.train.step.StepFeed;
import yolompi.train.step.TrainStep;
import yolompi.train.step.Waits;
import yolompi.train.stop.EarlyStopping;
import yolompi.train.stop.Ending;
import yolompi.train.stop.Evaluation;
import yolompi.train.stop.Stopping;
import yolompi.weights.TrainingTensors;
import yolompi.weights.Transfer;

/** The training loop: load, step, evaluate, save, stop. It is the same on all ranks. */
public final class Trainer implements AutoCloseable {
    private final TrainingSetup setup;
    private final Recipe recipe;
    private final Communicator ranks;
    private final EpochPlan plan;
    private final long totalSteps;
    private final Schedule schedule;
    private final TensorGroup group;
    private final Network network;
    private final TrainStep trainStep;
    private final Optional<Ema> ema;
    private final TrainingTensors tensors;
    private final CheckpointStore store;
    private final StateSaver saver;
    private final Validation validation;
    private final SkippedSteps skipped;
    private final Freezing freezing;
    private final EarlyStopping earlyStopping;

    private final List<String> beginning = new ArrayList<>(); // lines for the start of the log
    private TrainState state = TrainState.START;
    private Optional<String> early = Optional.empty(); // why the training ends before its last step

    /** Creates everything that lives as long as the run; collective. */
    public Trainer(TrainingSetup setup) {
        this.setup = setup;
        this.recipe = setup.recipe();
        this.ranks = setup.ranks();
        this.group = Backends.meet(ranks, recipe.dist(), setup.compute().onGpu());
        this.network = setup.network(group);
        this.plan = setup.plan();
        this.totalSteps = setup.totalSteps();
        this.schedule = Schedule.of(
                recipe.schedule(),
                recipe.optimizer(),
                recipe.train().batch(),
                (double) setup.data().train().size() / recipe.train().batch(),
                totalSteps);
        this.trainStep = new TrainStep(network, recipe, ranks, group, setup.compute());
        this.ema = Ema.of(network, setup.recipe(), setup.compute());
        this.tensors = new TrainingTensors(network, ema, trainStep.state());
        this.store = new CheckpointStore(
                checkpoints(setup.runFolder()), recipe.checkpoint().keepLast());
        this.saver = new StateSaver(setup, store, tensors);
        this.validation = new Validation(setup, ema.map(Ema::network).orElse(network));
        this.skipped = new SkippedSteps(setup, trainStep);
        this.freezing = setup.freezing();
        this.earlyStopping = EarlyStopping.of(recipe);
    }

    /** Folder of a run's checkpoints. */
    public static Path checkpoints(Path runFolder) {
        return runFolder.resolve("checkpoints");
    }

    /** Adds a line to the start of the run's log. */
    public void say(String line) {
        beginning.add(line);
    }

    /** Starts with the weights that the recipe names, if any; rank 0 reads them; collective. */
    public void start() {
        Agreement.on(ranks, () -> {
            if (ranks.world().isFirst()) {
                beginning.addAll(Transfer.begin(recipe.model(), network));
            }
            return network;
        });
        if (recipe.model().weights().isBlank()) {
            return;
        }
        trainStep.share(
                TrainingTensors.all(network).stream().map(Parameter::tensor).toList());
        ema.ifPresent(Ema::restart);
    }

    /** Resumes from the newest valid checkpoint, or starts if there is none; collective. */
    public void resume() {
        Resumption resumption = new Resumption(setup, store, tensors, beginning::add);
        Optional<TrainState> found = resumption.restore();
        if (found.isEmpty()) {
            start();
            return;
        }
        state = found.get();
        if (state.step() > totalSteps) {
            throw new AgreedException("the checkpoint is from step %d, but train.epochs = %d ends at step %d; raise it"
                    .formatted(state.step(), recipe.train().epochs(), totalSteps));
        }
        trainStep.share(tensors.tensors());
        ema.ifPresent(average -> average.resumeFrom(state.averaged()));
        saver.resumeFrom(state);
        validation.took(state.costs().evaluation());
    }

    /** Trains until the last step or until it is stopped; collective. */
    public Ending run(Stopping stopping) {
        var extent = new TrainingProgress.Extent(recipe.train().epochs(), totalSteps, state.step());
        try (RunReport report = RunReport.open(setup, extent, state);
                SampleTrace trace = SampleTrace.open(setup);
                BatchLoader loader = setup.load(state.step(), totalSteps);
                StepFeed feed = StepFeed.of(loader, trainStep, setup.compute())) {
            beginning.forEach(report::say);
            if (!feed.hasNext() && !state.hasEpochToEnd()) {
                report.say("this run is already finished; raise train.epochs to train longer");
            }
            report.say("gradients between ranks: " + group.describe() + compression());
            freezing.describe(setup.architecture(), recipe.train().epochs()).ifPresent(report::say);
            report.say("peak learning rate %.4g: %s; %s"
                    .formatted(schedule.peak(), setup.learningRateReason(), schedule.describe()));
            if (state.hasEpochToEnd()) {
                at("after step " + state.step(), () -> report.pause(() -> endEpochs(report)));
            }
            agreeOnEnd();
            while (feed.hasNext() && early.isEmpty()) {
                Optional<String> stop = advance(feed, trace, stopping, report);
                if (stop.isPresent()) {
                    saver.finish(report);
                    report.end("stopped after step %d of %d: %s; continue with --resume"
                            .formatted(state.step(), totalSteps, stop.get()));
                    return Ending.STOPPED;
                }
            }
            saver.finish(report);
            early.ifPresent(
                    reason -> report.say("training ends early: " + reason + "; raise train.patience to train longer"));
            report.end("done: %s, %s; checkpoints in %s"
                    .formatted(
                            Counted.of(state.epoch(), "epoch"),
                            Counted.of(state.step(), "step"),
                            checkpoints(setup.runFolder())));
            return Ending.DONE;
        }
    }

    private String compression() {
        return recipe.dist().compression() == DistRecipe.Compression.NONE
                        || ranks.world().size() == 1
                ? ""
                : ", rounded to " + recipe.dist().compression().name().toLowerCase(Locale.ROOT);
    }

    /** Runs one step and what is due after it; returns why training stops there, if it does. */
    private Optional<String> advance(StepFeed feed, SampleTrace trace, Stopping stopping, RunReport report) {
        long number = state.step() + 1;
        at("step " + number, () -> {
            stopping.stepBegins();
            ranks.status().step(number, Activity.LOADING);
            step(feed, trace, report);
            stopping.stepEnds();
        });
        at("after step " + number, () -> {
            if (state.hasEpochToEnd()) {
                report.pause(() -> endEpochs(report));
            } else if (saver.isDue(state)) {
                report.pause(() -> save(StateSaver.Occasion.insideEpoch(report.epochLoss()), report));
            }
            saver.tell(report);
        });
        return state.step() == totalSteps || early.isPresent() ? Optional.empty() : stop(stopping, report);
    }

    /** Agrees with rank 0 whether the training ends before its last step on its own; collective. */
    private void agreeOnEnd() {
        Optional<String> own = state.step() == totalSteps ? Optional.empty() : earlyStopping.reason(state);
        early = Optional.of(ranks.broadcast(own.orElse(""))).filter(reason -> !reason.isEmpty());
    }

    /** Runs an action; its failures name the position in the training. */
    private static void at(String place, Runnable action) {
        try {
            action.run();
        } catch (AgreedException e) {
            throw e;
        } catch (InputException e) {
            throw new InputException(place + ": " + e.getMessage(), e);
        } catch (UncheckedIOException e) {
            throw new UncheckedIOException(place + ": " + e.getMessage(), e.getCause());
        } catch (RuntimeException e) {
            throw new IllegalStateException(place + ": " + e.getMessage(), e);
        }
    }

    private void step(StepFeed feed, SampleTrace trace, RunReport report) {
        LoadedStep loaded = feed.next();
        trace.note(loaded);
        report.show(loaded.batches());
        Rates rates = schedule.at(state.step());
        if (freezing.isOver(state.step()) && trainStep.trainAllLayers()) {
            report.say("step %d: all layers are trained from here on".formatted(state.step() + 1));
        }
        TrainStep.Result result = trainStep.run(loaded.batches(), rates);
        if (result.finite()) {
            ema.ifPresent(Ema::update);
        }
        int epoch = state.epoch() + 1;
        long done = state.step() + 1;
        state = state.after(
                done,
                Math.min(plan.epochsCompleted(done), recipe.train().epochs()),
                done * recipe.train().batch(),
                ema.map(Ema::updates).orElse(0L));
        report.step(
                epoch, done, result, rates.learningRate(), new Waits(feed.waitNanos(), trainStep.unnotedWaitNanos()));
        skipped.note(result, loaded);
    }

    /** Evaluates if due. Saves first: an evaluation may fail, or outlast the job. */
    private void endEpochs(RunReport report) {
        boolean finished = state.step() == totalSteps;
        Optional<Evaluation> evaluation = Optional.empty();
        if (setup.data().val().isPresent() && (finished || due(recipe.eval().everyEpochs()))) {
            save(StateSaver.Occasion.insideEpoch(report.epochLoss()), report);
            saver.finish(report); // a rank that fails would end the job while rank 0 still writes
            evaluation = validation.run(state.epoch(), state.step(), report);
        }
        boolean best = evaluation.map(found -> state.isBeatenBy(fitness(found))).orElse(false);
        state = evaluation.map(found -> state.evaluated(fitness(found))).orElse(state);
        agreeOnEnd();
        boolean keep = due(recipe.checkpoint().everyEpochs());
        boolean save = evaluation.isPresent()
                || keep
                || finished
                || due(recipe.checkpoint().lastEveryEpochs());
        double loss = report.endEpoch(state.epoch(), state.step(), evaluation);
        state = state.endEpochs();
        if (save || saver.isDue(state)) {
            save(new StateSaver.Occasion(false, loss, evaluation, best, keep), report);
        }
    }

    private double fitness(Evaluation evaluation) {
        return evaluation.fitness(recipe.eval().fitness());
    }

    /** Whether one of the epochs that end now is a multiple of {@code every}; never for 0. */
    private boolean due(int every) {
        return every > 0 && state.epoch() / every > state.epochsEnded() / every;
    }

    /** Skips the save after several skipped steps: it could replace better checkpoints. */
    private void save(StateSaver.Occasion occasion, RunReport report) {
        if (skipped.areSeveral() && state.step() < totalSteps) {
            report.say("step %d: no checkpoint saved, as the last steps were skipped; the one before them stays"
                    .formatted(state.step()));
            return;
        }
        saver.save(state.with(report.tally(), new TimeCosts(saver.took(), validation.took())), occasion, report);
    }

    /** Saves if all ranks agree to stop, and returns why they do. */
    private Optional<String> stop(Stopping stopping, RunReport report) {
        int epochsAfterNext = plan.epochsCompleted(state.step() + 1);
        boolean evaluates = epochsAfterNext > state.epoch();
        Duration afterNextStep = saver.took().plus(evaluates ? validation.took() : Duration.ZERO);
        Optional<String> reason = stopping.agree(afterNextStep, saver.failure());
        if (reason.isPresent()) {
            save(StateSaver.Occasion.insideEpoch(report.epochLoss()), report);
        }
        return reason;
    }

    @Override
    public void close() {
        saver.close();
        trainStep.close();
        group.close();
    }
}
