package yolompi.checkpoint;

import java.time.Duration;

/**
 * Time that a job needs between a step and a safe end. It is saved, so that a resumed process knows
 * it from the start.
 *
 * @param save duration of the last save, until the file was on disk
 * @param evaluation duration of the last evaluation
 */
public record TimeCosts(Duration save, Duration evaluation) {
    /** Costs before the first save and the first evaluation. */
    public static final TimeCosts UNKNOWN = new TimeCosts(Duration.ZERO, Duration.ZERO);
}
