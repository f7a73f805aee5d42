package yolompi.train;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.bytedeco.javacpp.PointerScope;
import yolompi.checkpoint.Checkpoint;
import yolompi.checkpoint.CheckpointStore;
import yolompi.checkpoint.CheckpointWriter;
import yolompi.checkpoint.SaveRequest;
import yolompi.checkpoint.TensorBytes.HostCopy;
import yolompi.checkpoint.TrainState;
import yolompi.distributed.Agreement.AgreedException;
import yolompi.distributed.Communicator;
import yolompi.distributed.watchdog.Activity;
import yolompi.recipe.CheckpointRecipe;
import yolompi.train.log.RunReport;
import yolompi.train.stop.EarlyStopping.Evaluation;
import yolompi.weights.TrainingTensors;

/**
 * Saves checkpoints when they are due. All ranks hold the same tensors, so rank 0 saves alone and
 * ranks need not agree on when. Only a failed save must become known to all ranks, see
 * {@link #failure}.
 */
final class CheckpointScheduler implements AutoCloseable {
    /**
     * After a failure of the job, maximum time to wait for the checkpoint that is being written.
     */
    private static final Duration PATIENCE_AFTER_FAILURE = Duration.ofSeconds(10);

    private final CheckpointRecipe recipe;
    private final Communicator ranks;
    private final Map<String, String> metadata;
    private final TrainingTensors tensors;
    private final CheckpointWriter writer;

    private Optional<HostCopy> copy = Optional.empty();
    private TrainState last = TrainState.START;
    private long lastNanos = System.nanoTime();
    private boolean saidThatItWaits;

    /**
     * How to save a checkpoint.
     *
     * @param insideEpoch whether the epoch continues after it
     * @param loss mean of the epoch so far
     * @param best whether it is the best so far
     * @param keep whether it is kept permanently
     */
    record SaveReason(boolean insideEpoch, double loss, Optional<Evaluation> evaluation, boolean best, boolean keep) {
        static SaveReason insideEpoch(double loss) {
            return new SaveReason(true, loss, Optional.empty(), false, false);
        }
    }

    /**
     * Creates a saver.
     *
     * @param metadata of a checkpoint in addition to the state
     */
    CheckpointScheduler(
            CheckpointRecipe recipe,
            Communicator ranks,
            Map<String, String> metadata,
            CheckpointStore store,
            TrainingTensors tensors) {
        this.recipe = recipe;
        this.ranks = ranks;
        this.metadata = metadata;
        this.tensors = tensors;
        this.writer = new CheckpointWriter(store);
    }

    /** Records that the run continues from a state on disk. */
    void resumeFrom(TrainState state) {
        last = state;
    }

    /** Whether a save is due by steps or by time. */
    boolean isDue(TrainState state) {
        boolean bySteps = recipe.everySteps() > 0 && state.step() % recipe.everySteps() == 0;
        boolean byClock = recipe.everyMinutes() > 0 && System.nanoTime() - lastNanos >= recipe.everyMinutes() * 60e9;
        return bySteps || byClock;
    }

    /**
     * Saves a state unless it is already saved: immediately, or in the background after the
     * previous save.
     */
    void save(TrainState state, SaveReason occasion, RunReport report) {
        boolean savedAlready = state.step() == last.step() && state.epochsEnded() == last.epochsEnded();
        last = state;
        lastNanos = System.nanoTime();
        if (!ranks.world().isRankZero() || savedAlready) {
            return;
        }
        ranks.status().enter(Activity.SAVING);
        if (recipe.background()) {
            waitForTheOneBefore(report);
            writer.begin(request(state, occasion, new Checkpoint(metadata, copy().take())));
        } else {
            // The scope, not the garbage collector, frees the copies for the file.
            try (PointerScope scope = new PointerScope()) {
                writer.saveNow(request(state, occasion, new Checkpoint(metadata, tensors.views())));
            }
            tell(report);
        }
    }

    private void waitForTheOneBefore(RunReport report) {
        if (writer.isBusy() && !saidThatItWaits) {
            saidThatItWaits = true;
            report.info("training waits for the previous checkpoint, which is still being written (reported only once);"
                    + " save less often (checkpoint.every_steps, checkpoint.every_minutes) or on a faster"
                    + " disk");
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

    private static SaveRequest request(TrainState state, SaveReason occasion, Checkpoint checkpoint) {
        OptionalDouble map50 = occasion.evaluation()
                .map(found -> OptionalDouble.of(found.map50()))
                .orElse(OptionalDouble.empty());
        return new SaveRequest(
                state, occasion.insideEpoch(), occasion.loss(), map50, occasion.best(), occasion.keep(), checkpoint);
    }

    /** Reports checkpoints saved since the last call. */
    void tell(RunReport report) {
        writer.takeSaved()
                .ifPresent(saved -> report.info("saved " + saved.file() + (saved.best() ? " (best so far)" : "")));
    }

    /** Returns why this rank could not save. */
    Optional<String> failure() {
        return writer.failure()
                .map(message -> message + "; earlier checkpoints are intact:"
                        + " free disk space, or choose another --run-dir, and continue with --resume");
    }

    /**
     * Returns how long a save takes until the file is on disk: that of the last save, by this or
     * the previous process.
     */
    Duration took() {
        return writer.took().isZero() ? last.costs().save() : writer.took();
    }

    /**
     * Waits until everything is on disk; collective.
     *
     * @throws AgreedException on all ranks, if a checkpoint could not be written
     */
    void finish(RunReport report) {
        writer.await();
        tell(report);
        String problem = ranks.broadcast(failure().orElse(""));
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
