package yolompi.train;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import org.bytedeco.javacpp.PointerScope;
import yolompi.checkpoint.Checkpoint;
import yolompi.checkpoint.CheckpointStore;
import yolompi.checkpoint.CheckpointWriter;
import yolompi.checkpoint.HostCopy;
import yolompi.checkpoint.SaveRequest;
import yolompi.checkpoint.TrainState;
import yolompi.dist.Activity;
import yolompi.dist.AgreedException;
import yolompi.recipe.CheckpointRecipe;

/**
 * Saves the state of the training when it is due. All ranks hold the same tensors, so rank 0 saves by itself, and nobody needs to agree on
 * when; only that a save failed must become known to all, see {@link #failure}.
 */
final class StateSaver implements AutoCloseable {
    /** A job that failed waits no longer than this for the state that is being written. */
    private static final Duration PATIENCE_AFTER_FAILURE = Duration.ofSeconds(10);

    private final TrainingSetup setup;
    private final CheckpointRecipe recipe;
    private final TrainingTensors tensors;
    private final CheckpointWriter writer;

    private Optional<HostCopy> copy = Optional.empty();
    private TrainState last = TrainState.START;
    private long lastNanos = System.nanoTime();
    private boolean saidThatItWaits;

    /**
     * How a state is to be saved.
     *
     * @param insideEpoch whether the epoch goes on after it
     * @param loss mean of the epoch so far
     * @param best whether it is the best so far
     * @param keep whether it is kept for good
     */
    record Occasion(boolean insideEpoch, double loss, Optional<Evaluation> evaluation, boolean best, boolean keep) {
        static Occasion insideEpoch(double loss) {
            return new Occasion(true, loss, Optional.empty(), false, false);
        }
    }

    StateSaver(TrainingSetup setup, CheckpointStore store, TrainingTensors tensors) {
        this.setup = setup;
        this.recipe = setup.recipe().checkpoint();
        this.tensors = tensors;
        this.writer = new CheckpointWriter(store);
    }

    /** The run goes on from a state that is on disk. */
    void resumeFrom(TrainState state) {
        last = state;
    }

    /** Whether steps or minutes ask for a save now. */
    boolean isDue(TrainState state) {
        boolean bySteps = recipe.everySteps() > 0 && state.step() % recipe.everySteps() == 0;
        boolean byClock = recipe.everyMinutes() > 0 && System.nanoTime() - lastNanos >= recipe.everyMinutes() * 60e9;
        return bySteps || byClock;
    }

    /** Saves a state unless it is saved already: at once, or in the background when the one before is done. */
    void save(TrainState state, Occasion occasion, RunReport report) {
        boolean savedAlready = state.step() == last.step() && state.epochsEnded() == last.epochsEnded();
        last = state;
        lastNanos = System.nanoTime();
        if (!setup.ranks().world().isFirst() || savedAlready) {
            return;
        }
        setup.ranks().status().enter(Activity.SAVING);
        if (recipe.background()) {
            waitForTheOneBefore(report);
            writer.begin(request(state, occasion, new Checkpoint(setup.metadata(), copy().take())));
        } else {
            // The scope, not the garbage collector, frees what is copied for the file.
            try (PointerScope scope = new PointerScope()) {
                writer.saveNow(request(state, occasion, new Checkpoint(setup.metadata(), tensors.views())));
            }
            tell(report);
        }
    }

    private void waitForTheOneBefore(RunReport report) {
        if (writer.isBusy() && !saidThatItWaits) {
            saidThatItWaits = true;
            report.say(
                    "training waits for the previous checkpoint, which is still being written (reported only once);"
                            + " save less often (checkpoint.every_steps, checkpoint.every_minutes) or on a faster disk");
        }
        writer.await();
        tell(report);
    }

    private HostCopy copy() {
        if (copy.isEmpty()) {
            copy = Optional.of(tensors.hostCopy());
        }
        return copy.orElseThrow();
    }

    private static SaveRequest request(TrainState state, Occasion occasion, Checkpoint checkpoint) {
        OptionalDouble map50 = occasion.evaluation()
                .map(found -> OptionalDouble.of(found.map50()))
                .orElse(OptionalDouble.empty());
        return new SaveRequest(
                state, occasion.insideEpoch(), occasion.loss(), map50, occasion.best(), occasion.keep(), checkpoint);
    }

    /** Says what has been saved since the last time. */
    void tell(RunReport report) {
        writer.takeSaved()
                .ifPresent(saved -> report.say("saved " + saved.file() + (saved.best() ? " (best so far)" : "")));
    }

    /** Why this rank could not save. */
    Optional<String> failure() {
        return writer.failure()
                .map(message -> message + "; earlier checkpoints are intact:"
                        + " free disk space, or choose another --run-dir, and continue with --resume");
    }

    /** How long a save takes until it is on disk, by the last one of this process or of the one before. */
    Duration took() {
        return writer.took().isZero() ? last.costs().save() : writer.took();
    }

    /**
     * Waits until everything is on disk; collective.
     *
     * @throws AgreedException on all ranks where it could not be written
     */
    void finish(RunReport report) {
        writer.await();
        tell(report);
        String problem = setup.ranks().broadcast(failure().orElse(""));
        if (!problem.isEmpty()) {
            throw new AgreedException(problem);
        }
    }

    @Override
    public void close() {
        if (writer.await(PATIENCE_AFTER_FAILURE)) {
            copy.ifPresent(HostCopy::close);
        }
    }
}
