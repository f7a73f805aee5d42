package yolompi.checkpoint;

import java.time.Duration;

/**
 * What stands between a step and a safe end of the job: a process that resumes a run knows it from the start.
 *
 * @param save how long a save took until it was on disk, last
 * @param evaluation how long an evaluation took, last
 */
public record TimeCosts(Duration save, Duration evaluation) {
    /** Before the first of either. */
    public static final TimeCosts UNKNOWN = new TimeCosts(Duration.ZERO, Duration.ZERO);
}
