package yolompi.checkpoint;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import yolompi.InputException;

/**
 * Progress of a training. Together with the tensors, it is all that resuming needs. The position
 * within the epoch follows from {@code samples}.
 *
 * @param step optimizer steps done
 * @param epoch epochs completed
 * @param epochsEnded epochs completed, evaluated if due, and reported; less than {@code epoch} in a
 *     checkpoint that was saved before its evaluation
 * @param samples images trained on since the beginning, over all ranks
 * @param averaged number of EMA updates; less than {@code step} if steps were skipped
 * @param bestFitness highest fitness measured so far; negative infinity before the first evaluation
 * @param bestEpoch epochs completed when it was measured; 0 before the first evaluation
 * @param evaluatedEpoch epochs completed at the last evaluation; 0 before the first evaluation
 * @param tally counters of the report
 * @param costs time to reserve before the end of the job
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
        RunTotals tally,
        TimeCosts costs) {
    /** State before the first step. */
    public static final TrainState START =
            new TrainState(0, 0, 0, 0, 0, Double.NEGATIVE_INFINITY, 0, 0, RunTotals.START, TimeCosts.UNKNOWN);

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

    /** Returns this state after more steps. */
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

    /** Whether an epoch is completed but not yet evaluated and reported. */
    public boolean hasEpochToEnd() {
        return epoch > epochsEnded;
    }

    /** Whether a multiple of {@code every} is among the epochs to end; never for 0. */
    public boolean endsMultipleOf(int every) {
        return every > 0 && epoch / every > epochsEnded / every;
    }

    /** Returns this state with all completed epochs marked as ended. */
    public TrainState endEpochs() {
        return new TrainState(
                step, epoch, epoch, samples, averaged, bestFitness, bestEpoch, evaluatedEpoch, tally, costs);
    }

    /** Whether a state with this fitness would be the best so far. */
    public boolean isBeatenBy(double fitness) {
        return fitness > bestFitness;
    }

    /**
     * Returns this state without a best fitness, because fitness is measured differently from now
     * on.
     */
    public TrainState withoutBest() {
        return withBest(START.bestFitness, START.bestEpoch, evaluatedEpoch);
    }

    /** Returns this state with the result of its evaluation. */
    public TrainState evaluated(double fitness) {
        return isBeatenBy(fitness) ? withBest(fitness, epoch, epoch) : withBest(bestFitness, bestEpoch, epoch);
    }

    private TrainState withBest(double fitness, int measuredAt, int lastMeasuredAt) {
        return new TrainState(
                step, epoch, epochsEnded, samples, averaged, fitness, measuredAt, lastMeasuredAt, tally, costs);
    }

    /** Returns this state with new counters and durations. */
    public TrainState with(RunTotals counted, TimeCosts measured) {
        return new TrainState(
                step, epoch, epochsEnded, samples, averaged, bestFitness, bestEpoch, evaluatedEpoch, counted, measured);
    }

    /** Returns the state as metadata entries of a checkpoint. No value contains a space. */
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
     * Reads the state from a checkpoint's metadata.
     *
     * @param source the file, for messages
     * @throws InputException if an entry is missing or not a number: training cannot resume from
     *     this file
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
                    new RunTotals(
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
            throw new InputException(source + ": training cannot resume from this file: its metadata has no " + key);
        }
        try {
            return parse.apply(text);
        } catch (NumberFormatException e) {
            throw new InputException(source + ": metadata " + key + " = \"" + text + "\": expected a number", e);
        }
    }

    /**
     * Counters of a run's report that continue when the run is resumed.
     *
     * @param seconds training time since the beginning, in all processes of the run
     * @param skippedSteps steps skipped since the beginning
     * @param epoch losses since the last epoch ended
     * @param window losses since the last step row in metrics.csv
     */
    public record RunTotals(double seconds, long skippedSteps, LossSums epoch, LossSums window) {
        /** Counters before the first step. */
        public static final RunTotals START = new RunTotals(0, 0, LossSums.NONE, LossSums.NONE);
    }

    /**
     * Time that a job needs between a step and a safe end. It is saved, so that a resumed process
     * knows it from the start.
     *
     * @param save duration of the last save, until the file was on disk
     * @param evaluation duration of the last evaluation
     */
    public record TimeCosts(Duration save, Duration evaluation) {
        /** Costs before the first save and the first evaluation. */
        public static final TimeCosts UNKNOWN = new TimeCosts(Duration.ZERO, Duration.ZERO);
    }

    /**
     * Sums of the losses of consecutive steps.
     *
     * @param steps number of steps, without skipped ones
     * @param total sum of the three terms
     */
    public record LossSums(long steps, double total, double box, double object, double classes) {
        /** Sums of no step. */
        public static final LossSums NONE = new LossSums(0, 0, 0, 0, 0);

        /** Returns these sums with one more step. */
        public LossSums plus(double moreTotal, double moreBox, double moreObject, double moreClasses) {
            return new LossSums(
                    steps + 1, total + moreTotal, box + moreBox, object + moreObject, classes + moreClasses);
        }

        /** Returns the mean loss of a step; NaN without steps. */
        public double mean() {
            return steps == 0 ? Double.NaN : total / steps;
        }

        /** Returns text without spaces that {@link #parse} converts back to the same bits. */
        String toText() {
            return steps + ","
                    + DoubleStream.of(total, box, object, classes)
                            .mapToObj(Double::toString)
                            .collect(Collectors.joining(","));
        }

        /** Parses {@link #toText}. */
        static LossSums parse(String text) {
            String[] parts = text.split(",", -1);
            if (parts.length != 5) {
                throw new NumberFormatException("expected five numbers, found " + parts.length);
            }
            double[] sums = Arrays.stream(parts)
                    .skip(1)
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            return new LossSums(Long.parseLong(parts[0]), sums[0], sums[1], sums[2], sums[3]);
        }
    }
}
