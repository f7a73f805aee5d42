package yolompi.checkpoint;

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
 * @param samples images trained on since the beginning, over all ranks
 * @param bestFitness highest fitness measured so far; negative infinity before the first evaluation
 * @param bestEpoch epochs that were completed when it was measured; 0 before
 * @param tally what the report has counted so far
 */
public record TrainState(long step, int epoch, long samples, double bestFitness, int bestEpoch, Tally tally) {
    /** Before the first step. */
    public static final TrainState START = new TrainState(0, 0, 0, Double.NEGATIVE_INFINITY, 0, Tally.START);

    public TrainState {
        if (step < 0 || epoch < 0 || samples < 0 || bestEpoch < 0 || Double.isNaN(bestFitness)) {
            throw new IllegalArgumentException(
                    "No state of a training: step %d, epoch %d, samples %d, best %s in epoch %d"
                            .formatted(step, epoch, samples, bestFitness, bestEpoch));
        }
    }

    /** This state after more steps. */
    public TrainState after(long stepsDone, int epochsDone, long samplesDone) {
        return new TrainState(stepsDone, epochsDone, samplesDone, bestFitness, bestEpoch, tally);
    }

    /** This state as the best so far. */
    public TrainState best(double fitness) {
        return new TrainState(step, epoch, samples, fitness, epoch, tally);
    }

    /** This state with what the report has counted. */
    public TrainState with(Tally counted) {
        return new TrainState(step, epoch, samples, bestFitness, bestEpoch, counted);
    }

    /** The state as entries of a checkpoint's metadata; no value holds a space. */
    public Map<String, String> toMetadata() {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("step", Long.toString(step));
        metadata.put("epoch", Integer.toString(epoch));
        metadata.put("samples", Long.toString(samples));
        metadata.put("best_fitness", Double.toString(bestFitness));
        metadata.put("best_epoch", Integer.toString(bestEpoch));
        metadata.put("seconds", Double.toString(tally.seconds()));
        metadata.put("skipped_steps", Long.toString(tally.skippedSteps()));
        metadata.put("epoch_losses", tally.epoch().toText());
        metadata.put("window_losses", tally.window().toText());
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
                    number(source, metadata, "samples", Long::valueOf),
                    number(source, metadata, "best_fitness", Double::valueOf),
                    number(source, metadata, "best_epoch", Integer::valueOf),
                    new Tally(
                            number(source, metadata, "seconds", Double::valueOf),
                            number(source, metadata, "skipped_steps", Long::valueOf),
                            number(source, metadata, "epoch_losses", LossSums::parse),
                            number(source, metadata, "window_losses", LossSums::parse)));
        } catch (IllegalArgumentException e) {
            throw new InputException(source + ": " + e.getMessage(), e);
        }
    }

    private static <T> T number(String source, Map<String, String> metadata, String key, Function<String, T> parse) {
        String text = metadata.get(key);
        if (text == null) {
            throw new InputException(
                    source + ": no state of a training that could be resumed: its metadata lack " + key);
        }
        try {
            return parse.apply(text);
        } catch (NumberFormatException e) {
            throw new InputException(source + ": metadata " + key + " = \"" + text + "\": expected a number", e);
        }
    }
}
