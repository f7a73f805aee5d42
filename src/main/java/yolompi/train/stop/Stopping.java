package yolompi.train.stop;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import yolompi.WrongUsageException;
import yolompi.distributed.Agreement;
import yolompi.distributed.Agreement.AgreedException;
import yolompi.distributed.Communicator;

/** Decides after each step, together with all ranks, whether the training stops early. */
public final class Stopping implements AutoCloseable {
    /** Factor on the longest time with each step: halved after a hundred steps. */
    private static final double FADING = 0.993;

    private final Communicator ranks;
    private final StopSignal signal;
    private final Optional<Long> endNanos;
    private long stepBeginNanos = System.nanoTime();
    private double longestStepNanos; // of the recent steps

    /**
     * What ends a training early, in addition to TERM.
     *
     * @param signal name of a signal, without SIG
     * @param maxMinutes wall time since the start of the process within which the training must
     *     stop and save
     */
    public record Rules(String signal, Optional<Double> maxMinutes) {
        /** Signal that batch systems send before the time limit, if configured. */
        public static final String DEFAULT_SIGNAL = "USR1";

        public Rules {
            if (maxMinutes.isPresent() && !(maxMinutes.get() > 0)) {
                throw new WrongUsageException("--max-minutes = " + maxMinutes.get() + ": expected more than 0");
            }
        }
    }

    /** How a training without failure ended. */
    public enum RunOutcome {
        /** After its last step. */
        DONE,
        /** Earlier, on request; its state is saved. */
        STOPPED
    }

    private Stopping(Communicator ranks, StopSignal signal, Optional<Long> endNanos) {
        this.ranks = ranks;
        this.signal = signal;
        this.endNanos = endNanos;
    }

    /**
     * Starts to listen: a signal before the first step stops the training after that step;
     * collective.
     *
     * @param signal may have been received already
     */
    public static Stopping by(Rules rules, StopSignal signal, Communicator ranks) {
        Optional<Long> end = rules.maxMinutes()
                .map(minutes -> System.nanoTime()
                        + (long) (minutes * 60e9)
                        - processAge().toNanos());
        Agreement.on(ranks, () -> {
            signal.listen(rules.signal());
            return signal;
        });
        return new Stopping(ranks, signal, end);
    }

    private static Duration processAge() {
        Instant now = Instant.now();
        return Duration.between(ProcessHandle.current().info().startInstant().orElse(now), now);
    }

    /** Marks the begin of a step, which includes waiting for its images. */
    public void stepBegins() {
        stepBeginNanos = System.nanoTime();
    }

    /** Measures the step, to judge later whether the time left is enough for another one. */
    public void stepEnds() {
        double nanos = System.nanoTime() - stepBeginNanos;
        longestStepNanos = Math.max(FADING * longestStepNanos, nanos);
    }

    /**
     * Agrees with all ranks; collective, once after each step.
     *
     * @param afterNextStep time that must remain after another step, for an evaluation and a save
     * @param saveFailure why this rank could not save
     * @return why to stop, if the training stops
     * @throws AgreedException on all ranks, if one could not save
     */
    public Optional<String> agree(Duration afterNextStep, Optional<String> saveFailure) {
        Optional<String> own = signal.received().or(() -> timeIsUp(afterNextStep));
        double[] votes = ranks.allReduceSum(own.isPresent() ? 1 : 0, saveFailure.isPresent() ? 1 : 0);
        if (votes[1] > 0) {
            throw new AgreedException(ranks.broadcast(saveFailure.orElse("")));
        }
        if (votes[0] == 0) {
            return Optional.empty();
        }
        return Optional.of(firstOf(ranks.allGather(own.orElse(""))));
    }

    private Optional<String> timeIsUp(Duration afterNextStep) {
        Duration needed = Duration.ofNanos((long) longestStepNanos).plus(afterNextStep);
        boolean up = endNanos.map(end -> System.nanoTime() + needed.toNanos() - end > 0)
                .orElse(false);
        return up ? Optional.of("--max-minutes leaves no time for another step") : Optional.empty();
    }

    private static String firstOf(List<String> reasons) {
        for (int rank = 0; rank < reasons.size(); rank++) {
            if (!reasons.get(rank).isEmpty()) {
                return reasons.get(rank) + " (rank " + rank + ")";
            }
        }
        throw new IllegalStateException("no rank has a reason to stop");
    }

    @Override
    public void close() {
        signal.close();
    }
}
