package yolompi.checkpoint;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import yolompi.InputException;

/**
 * How far a training has come; together with the tensors, all that resuming needs. The position inside the epoch follows from
 * {@code samples}.
 *
 * @param step optimizer steps done
 * @param epoch epochs completed
 * @param epochsEnded epochs that were completed and then evaluated, where that was due, and reported; fewer than {@code epoch} in a state that
 *     was saved before its evaluation
 * @param samples images trained on since the beginning, over all ranks
 * @param averaged how often the moving average of the weights was moved; fewer times than {@code step} where steps were left out
 * @param bestFitness highest fitness measured so far; negative infinity before the first evaluation
 * @param bestEpoch epochs that were completed when it was measured; 0 before
 * @param evaluatedEpoch epochs that were completed at the last evaluation; 0 before
 * @param tally what the report has counted so far
 * @param costs what an end of the job has to leave time for
 */
public record TrainState(
        long step,
        int epoch,
        int epochsEnded,
        long samples,
        long averaged,
        double bestFitness,
        int bestEpoch,
        int evaluatedEpoch,
        Tally tally,
        TimeCosts costs) {
    /** Before the first step. */
    public static final TrainState START =
            new TrainState(0, 0, 0, 0, 0, Double.NEGATIVE_INFINITY, 0, 0, Tally.START, TimeCosts.UNKNOWN);

    public TrainState {
        if (step < 0
                || epoch < 0
                || epochsEnded < 0
                || epochsEnded > epoch
                || samples < 0
                || averaged < 0
                || bestEpoch < 0
                || evaluatedEpoch < bestEpoch
                || Double.isNaN(bestFitness)) {
            throw new IllegalArgumentException(
                    "Invalid training state: step %d, epoch %d (ended: %d), samples %d, best %s in epoch %d"
                            .formatted(step, epoch, epochsEnded, samples, bestFitness, bestEpoch));
        }
    }

    /** This state after more steps. */
    public TrainState after(long stepsDone, int epochsDone, long samplesDone, long averagedSoFar) {
        return new TrainState(
                stepsDone,
                epochsDone,
                epochsEnded,
                samplesDone,
                averagedSoFar,
                bestFitness,
                bestEpoch,
                evaluatedEpoch,
                tally,
                costs);
    }

    /** Whether an epoch is completed whose evaluation and report are still to come. */
    public boolean hasEpochToEnd() {
        return epoch > epochsEnded;
    }

    /** This state with nothing of its epochs left to do. */
    public TrainState endEpochs() {
        return new TrainState(
                step, epoch, epoch, samples, averaged, bestFitness, bestEpoch, evaluatedEpoch, tally, costs);
    }

    /** Whether so fit a state would be the best so far. */
    public boolean isBeatenBy(double fitness) {
        return fitness > bestFitness;
    }

    /** This state as if nothing had been best so far: what is fit is measured in another way from now on. */
    public TrainState withoutBest() {
        return withBest(START.bestFitness, START.bestEpoch, evaluatedEpoch);
    }

    /** This state with what an evaluation of it measured. */
    public TrainState evaluated(double fitness) {
        return isBeatenBy(fitness) ? withBest(fitness, epoch, epoch) : withBest(bestFitness, bestEpoch, epoch);
    }

    private TrainState withBest(double fitness, int measuredAt, int lastMeasuredAt) {
        return new TrainState(
                step, epoch, epochsEnded, samples, averaged, fitness, measuredAt, lastMeasuredAt, tally, costs);
    }

    /** This state with what the report has counted, and what time was spent on. */
    public TrainState with(Tally counted, TimeCosts measured) {
        return new TrainState(
                step, epoch, epochsEnded, samples, averaged, bestFitness, bestEpoch, evaluatedEpoch, counted, measured);
    }

    /** The state as entries of a checkpoint's metadata; no value holds a space. */
    public Map<String, String> toMetadata() {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("step", Long.toString(step));
        metadata.put("epoch", Integer.toString(epoch));
        metadata.put("epochs_ended", Integer.toString(epochsEnded));
        metadata.put("samples", Long.toString(samples));
        metadata.put("averaged", Long.toString(averaged));
        metadata.put("best_fitness", Double.toString(bestFitness));
        metadata.put("best_epoch", Integer.toString(bestEpoch));
        metadata.put("evaluated_epoch", Integer.toString(evaluatedEpoch));
        metadata.put("seconds", Double.toString(tally.seconds()));
        metadata.put("skipped_steps", Long.toString(tally.skippedSteps()));
        metadata.put("epoch_losses", tally.epoch().toText());
        metadata.put("window_losses", tally.window().toText());
        metadata.put("save_seconds", seconds(costs.save()));
        metadata.put("evaluation_seconds", seconds(costs.evaluation()));
        return metadata;
    }

    /**
     * The state that a checkpoint's metadata hold.
     *
     * @param source the file, for messages
     * @throws InputException where an entry is missing or no number: the file is no state of a training
     */
    public static TrainState fromMetadata(String source, Map<String, String> metadata) {
        try {
            return new TrainState(
                    number(source, metadata, "step", Long::valueOf),
                    number(source, metadata, "epoch", Integer::valueOf),
                    number(source, metadata, "epochs_ended", Integer::valueOf),
                    number(source, metadata, "samples", Long::valueOf),
                    number(source, metadata, "averaged", Long::valueOf),
                    number(source, metadata, "best_fitness", Double::valueOf),
                    number(source, metadata, "best_epoch", Integer::valueOf),
                    number(source, metadata, "evaluated_epoch", Integer::valueOf),
                    new Tally(
                            number(source, metadata, "seconds", Double::valueOf),
                            number(source, metadata, "skipped_steps", Long::valueOf),
                            number(source, metadata, "epoch_losses", LossSums::parse),
                            number(source, metadata, "window_losses", LossSums::parse)),
                    new TimeCosts(
                            number(source, metadata, "save_seconds", TrainState::duration),
                            number(source, metadata, "evaluation_seconds", TrainState::duration)));
        } catch (IllegalArgumentException e) {
            throw new InputException(source + ": " + e.getMessage(), e);
        }
    }

    private static String seconds(Duration duration) {
        return Double.toString(duration.toMillis() / 1e3);
    }

    private static Duration duration(String seconds) {
        return Duration.ofMillis((long) (1e3 * Double.parseDouble(seconds)));
    }

    private static <T> T number(String source, Map<String, String> metadata, String key, Function<String, T> parse) {
        String text = metadata.get(key);
        if (text == null) {
            throw new InputException(
                    source + ": training cannot resume from this file: its metadata has no " + key);
        }
        try {
            return parse.apply(text);
        } catch (NumberFormatException e) {
            throw new InputException(source + ": metadata " + key + " = \"" + text + "\": expected a number", e);
        }
    }
}
