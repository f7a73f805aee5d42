package yolompi.distributed.watchdog;

import java.util.Optional;
import yolompi.recipe.DistRecipe;

/**
 * Stall time-outs: how long other ranks wait for a rank.
 *
 * @param silenceSeconds for a rank that is stopped or sends nothing
 * @param timeoutSeconds for a rank that makes no progress while others wait for it
 * @param killDelaySeconds from SIGTERM, which the launcher sends to all ranks when it ends a job,
 *     to SIGKILL
 */
public record StallTimeouts(double silenceSeconds, double timeoutSeconds, double killDelaySeconds) {
    /** Open MPI's variable for the delay between SIGTERM and SIGKILL. */
    private static final String KILL_DELAY = "OMPI_MCA_odls_base_sigkill_timeout";

    private static final double MIN_KILL_DELAY_SECONDS = 1;
    /** A longer delay would report a single rank that received SIGTERM too late. */
    private static final double MAX_KILL_DELAY_SECONDS = 10;

    /** Used until the recipe is read. */
    static final StallTimeouts AT_START = new StallTimeouts(20, 300);

    StallTimeouts(double silenceSeconds, double timeoutSeconds) {
        this(silenceSeconds, timeoutSeconds, killDelaySeconds(Optional.ofNullable(System.getenv(KILL_DELAY))));
    }

    public static StallTimeouts of(DistRecipe recipe) {
        return new StallTimeouts(recipe.silenceSeconds(), recipe.timeoutSeconds());
    }

    /** Parses Open MPI's variable. */
    static double killDelaySeconds(Optional<String> setting) {
        return setting.filter(text -> text.matches("\\d{1,6}"))
                .map(Double::valueOf)
                .map(seconds -> Math.min(Math.max(seconds, MIN_KILL_DELAY_SECONDS), MAX_KILL_DELAY_SECONDS))
                .orElse(MIN_KILL_DELAY_SECONDS);
    }

    /** When the launcher ends the job, all ranks have received SIGTERM within this time. */
    double allToldSeconds() {
        return 0.4 * killDelaySeconds;
    }

    /** Time for a rank to report before the launcher kills it. */
    double lastWordsSeconds() {
        return 0.7 * killDelaySeconds;
    }
}
