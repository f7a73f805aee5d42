package yolompi.train;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import yolompi.InputException;
import yolompi.checkpoint.CheckpointStore;
import yolompi.checkpoint.TrainState;
import yolompi.checkpoint.TrainState.TimeCosts;
import yolompi.data.StepBatches;
import yolompi.data.loader.BatchLoader;
import yolompi.data.sampler.EpochPlan;
import yolompi.distributed.Agreement.AgreedException;
import yolompi.distributed.Communicator;
import yolompi.distributed.collective.ProcessGroup;
import yolompi.distributed.collective.ProcessGroups;
import yolompi.distributed.watchdog.Activity;
import yolompi.model.Network;
import yolompi.model.Parameter;
import yolompi.optim.Ema;
import yolompi.optim.Schedule;
import yolompi.recipe.Recipe;
import yolompi.report.console.Plural;
import yolompi.torch.DeviceContext;
import yolompi.train.log.RunDescription;
import yolompi.train.log.RunReport;
import yolompi.train.log.SampleTrace;
import yolompi.train.setup.Freezing;
import yolompi.train.setup.TrainingPlan;
import yolompi.train.setup.TrainingSetup;
import yolompi.train.step.DevicePrefetcher;
import yolompi.train.step.NonFiniteGuard;
import yolompi.train.step.TrainStep;
import yolompi.train.stop.EarlyStopping;
import yolompi.train.stop.EarlyStopping.Evaluation;
import yolompi.train.stop.Stopping;
import yolompi.train.stop.Stopping.RunOutcome;
import yolompi.weights.TrainingTensors;

/** The training loop: load, step, log, save, validate, stop. It is the same on all ranks. */
public final class Trainer implements AutoCloseable {
    private final TrainingSetup setup;
    private final TrainingPlan plan;
    private final Recipe recipe;
    private final Communicator ranks;
    private final EpochPlan epochs;
    private final long totalSteps;
    private final Schedule schedule;
    private final ProcessGroup group;
    private final Network network;
    private final TrainStep trainStep;
    private final Optional<Ema> ema;
    private final CheckpointRestorer resumption;
    private final CheckpointScheduler saver;
    private final Validation validation;
    private final NonFiniteGuard skipped;
    private final Freezing freezing;
    private final EarlyStopping earlyStopping;

    private final List<String> beginning; // lines for the start of the log
    private TrainState state = TrainState.START;
    private Optional<String> early = Optional.empty(); // why the training ends before its last step
    private String place = ""; // in the training, for messages of failures

    /**
     * Creates everything that lives as long as the run; collective.
     *
     * @param firstLines lines for the start of the run's log
     */
    public Trainer(TrainingSetup setup, List<String> firstLines) {
        DeviceContext device = setup.device();
        this.beginning = new ArrayList<>(firstLines);
        this.setup = setup;
        this.plan = setup.plan();
        this.recipe = setup.recipe();
        this.ranks = setup.ranks();
        this.group = ProcessGroups.create(ranks, recipe.dist(), device.onGpu());
        this.network = TrainStep.network(setup.architecture(), recipe, group, device);
        this.epochs = plan.epochs();
        this.totalSteps = plan.totalSteps();
        this.schedule = plan.schedule();
        this.trainStep = new TrainStep(network, recipe, ranks, group, device);
        this.ema = Ema.of(network, recipe, device);
        TrainingTensors tensors = new TrainingTensors(network, ema, trainStep.state());
        CheckpointStore store = new CheckpointStore(
                CheckpointStore.folderOf(setup.runFolder()), recipe.checkpoint().keepLast());
        this.resumption = new CheckpointRestorer(recipe, ranks, setup.runFolder(), setup.metadata(), store, tensors);
        this.saver = new CheckpointScheduler(recipe.checkpoint(), ranks, setup.metadata(), store, tensors);
        Network evaluated = ema.map(Ema::network).orElse(network);
        this.validation = new Validation(setup.data().val(), plan, ranks, evaluated, device);
        this.skipped = new NonFiniteGuard(recipe.optimizer().maxSkipped(), plan.shards(), ranks, trainStep);
        this.freezing = setup.freezing();
        this.earlyStopping = EarlyStopping.of(recipe);
    }

    /** Starts with the weights that the recipe names, if any; rank 0 reads them; collective. */
    public void start() {
        if (resumption.loadWeights(network, beginning::add)) {
            trainStep.broadcastFromRankZero(
                    TrainingTensors.all(network).stream().map(Parameter::tensor).toList());
            ema.ifPresent(Ema::restart);
        }
    }

    /** Resumes from the newest valid checkpoint, or starts if there is none; collective. */
    public void resume() {
        Optional<TrainState> found = resumption.restore(totalSteps, beginning::add);
        if (found.isEmpty()) {
            start();
            return;
        }
        state = found.get();
        trainStep.broadcastFromRankZero(resumption.tensors().tensors());
        ema.ifPresent(average -> average.resumeFrom(state.averaged()));
        saver.resumeFrom(state);
        validation.took(state.costs().evaluation());
    }

    /** Trains until the last step or until it is stopped; collective. */
    public RunOutcome run(Stopping stopping) {
        RunDescription description = new RunDescription(plan, setup.data(), setup.architecture(), setup.device());
        try (RunReport report = RunReport.open(description, setup.runFolder(), ranks, state);
                SampleTrace trace = SampleTrace.open(recipe.report(), setup.runFolder(), ranks);
                BatchLoader loader = plan.load(state.step(), totalSteps);
                DevicePrefetcher feed = DevicePrefetcher.of(loader, trainStep, setup.device())) {
            begin(description, report);
            Optional<String> stop = Optional.empty();
            while (feed.hasNext() && early.isEmpty() && stop.isEmpty()) {
                place = "step %d: ".formatted(state.step() + 1);
                stopping.stepBegins();
                StepBatches loaded = load(feed, trace, report);
                unfreezeIfDue(report);
                TrainStep.Result result = trainStep.run(loaded.batches(), schedule.at(state.step()));
                advance(result);
                log(loaded, result, feed, report);
                stopping.stepEnds();

                place = "after step %d: ".formatted(state.step());
                if (state.hasEpochToEnd()) {
                    report.excludeFromTiming(() -> endEpochs(report)); // saves, validates, saves again
                } else if (saver.isDue(state)) {
                    report.excludeFromTiming(
                            () -> save(CheckpointScheduler.SaveReason.insideEpoch(report.epochLoss()), report));
                }
                saver.tell(report);

                place = "";
                stop = stop(stopping, report);
            }
            saver.finish(report);
            return end(stop, report);
        } catch (RuntimeException e) {
            throw atPlace(e);
        }
    }

    /** Describes the training, and ends the epoch that an earlier process has completed. */
    private void begin(RunDescription description, RunReport report) {
        beginning.forEach(report::info);
        description.lines(state, group.describe(), schedule, freezing).forEach(report::info);
        if (state.hasEpochToEnd()) {
            place = "after step %d: ".formatted(state.step());
            report.excludeFromTiming(() -> endEpochs(report));
            place = "";
        }
        agreeOnEnd();
    }

    private StepBatches load(DevicePrefetcher feed, SampleTrace trace, RunReport report) {
        ranks.status().step(state.step() + 1, Activity.LOADING);
        StepBatches loaded = feed.next();
        trace.note(loaded);
        report.addTrainingImages(loaded.batches());
        return loaded;
    }

    private void unfreezeIfDue(RunReport report) {
        if (freezing.isOver(state.step()) && trainStep.unfreeze()) {
            report.info("step %d: all layers are trained from here on".formatted(state.step() + 1));
        }
    }

    /** Updates the average of the weights and the state after a step. */
    private void advance(TrainStep.Result result) {
        if (result.finite()) {
            ema.ifPresent(Ema::update);
        }
        long done = state.step() + 1;
        int epochsDone = Math.min(epochs.epochsCompleted(done), recipe.train().epochs());
        long updates = ema.map(Ema::updates).orElse(0L);
        state = state.after(done, epochsDone, done * recipe.train().batch(), updates);
    }

    private void log(StepBatches loaded, TrainStep.Result result, DevicePrefetcher feed, RunReport report) {
        long before = state.step() - 1;
        int epoch = epochs.epochOf(before) + 1;
        var waits = new RunReport.WaitTimes(feed.waitNanos(), trainStep.unnotedWaitNanos());
        report.step(epoch, state.step(), result, schedule.at(before).learningRate(), waits);
        skipped.note(result, loaded);
    }

    /** Agrees with rank 0 whether the training ends before its last step on its own; collective. */
    private void agreeOnEnd() {
        Optional<String> own = state.step() == totalSteps ? Optional.empty() : earlyStopping.reason(state);
        early = Optional.of(ranks.broadcast(own.orElse(""))).filter(reason -> !reason.isEmpty());
    }

    /** Evaluates if due. Saves first: an evaluation may fail, or outlast the job. */
    private void endEpochs(RunReport report) {
        boolean finished = state.step() == totalSteps;
        Optional<Evaluation> evaluation = Optional.empty();
        if (setup.data().val().isPresent()
                && (finished || state.endsMultipleOf(recipe.eval().everyEpochs()))) {
            save(CheckpointScheduler.SaveReason.insideEpoch(report.epochLoss()), report);
            saver.finish(report); // a rank that fails would end the job while rank 0 still writes
            evaluation = validation.run(state.epoch(), state.step(), report);
        }
        boolean best = evaluation
                .map(found -> state.isBeatenBy(earlyStopping.fitness(found)))
                .orElse(false);
        state = evaluation
                .map(found -> state.evaluated(earlyStopping.fitness(found)))
                .orElse(state);
        agreeOnEnd();
        boolean keep = state.endsMultipleOf(recipe.checkpoint().everyEpochs());
        boolean save = evaluation.isPresent()
                || keep
                || finished
                || state.endsMultipleOf(recipe.checkpoint().lastEveryEpochs());
        double loss = report.endEpoch(state.epoch(), state.step(), evaluation);
        state = state.endEpochs();
        if (save || saver.isDue(state)) {
            save(new CheckpointScheduler.SaveReason(false, loss, evaluation, best, keep), report);
        }
    }

    /** Skips the save after several skipped steps: it could replace better checkpoints. */
    private void save(CheckpointScheduler.SaveReason occasion, RunReport report) {
        if (skipped.areSeveral() && state.step() < totalSteps) {
            report.info("step %d: no checkpoint saved, as the last steps were skipped; the one before them stays"
                    .formatted(state.step()));
            return;
        }
        saver.save(state.with(report.totals(), new TimeCosts(saver.took(), validation.took())), occasion, report);
    }

    /** Saves if all ranks agree to stop before the end, and returns why they do. */
    private Optional<String> stop(Stopping stopping, RunReport report) {
        if (state.step() == totalSteps || early.isPresent()) {
            return Optional.empty();
        }
        boolean evaluates = epochs.epochsCompleted(state.step() + 1) > state.epoch();
        Duration afterNextStep = saver.took().plus(evaluates ? validation.took() : Duration.ZERO);
        Optional<String> reason = stopping.agree(afterNextStep, saver.failure());
        if (reason.isPresent()) {
            save(CheckpointScheduler.SaveReason.insideEpoch(report.epochLoss()), report);
        }
        return reason;
    }

    private RunOutcome end(Optional<String> stop, RunReport report) {
        if (stop.isPresent()) {
            report.end("stopped after step %d of %d: %s; continue with --resume"
                    .formatted(state.step(), totalSteps, stop.get()));
            return RunOutcome.STOPPED;
        }
        early.ifPresent(
                reason -> report.info("training ends early: " + reason + "; raise train.patience to train longer"));
        report.end("done: %s, %s; checkpoints in %s"
                .formatted(
                        Plural.of(state.epoch(), "epoch"),
                        Plural.of(state.step(), "step"),
                        CheckpointStore.folderOf(setup.runFolder())));
        return RunOutcome.DONE;
    }

    /** Returns the failure with the place in the training, unless all ranks know it already. */
    private RuntimeException atPlace(RuntimeException failure) {
        String message = place + failure.getMessage();
        if (place.isEmpty() || failure instanceof AgreedException) {
            return failure;
        } else if (failure instanceof InputException) {
            return new InputException(message, failure);
        }
        return failure instanceof UncheckedIOException io
                ? new UncheckedIOException(message, io.getCause())
                : new IllegalStateException(message, failure);
    }

    @Override
    public void close() {
        saver.close();
        trainStep.close();
        group.close();
    }
}
