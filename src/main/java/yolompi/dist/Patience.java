package yolompi.dist;

import java.util.Optional;
import yolompi.recipe.DistRecipe;

/**
 * How long other ranks bear with a rank.
 *
 * @param silenceSeconds that it may be stopped, or send nothing
 * @param timeoutSeconds that it may do the same thing while others wait for it
 * @param killDelaySeconds from the signal TERM, which the launcher sends to all ranks when it ends a job, to its KILL
 */
record Patience(double silenceSeconds, double timeoutSeconds, double killDelaySeconds) {
    /** Open MPI's setting for that, and what it is unless set. */
    private static final String KILL_DELAY = "OMPI_MCA_odls_base_sigkill_timeout";

    private static final double MIN_KILL_DELAY_SECONDS = 1;
    /** With a longer one, a rank that alone gets TERM would be named late. */
    private static final double MAX_KILL_DELAY_SECONDS = 10;

    /** Until the recipe is read. */
    static final Patience AT_START = new Patience(20, 300);

    Patience(double silenceSeconds, double timeoutSeconds) {
        this(silenceSeconds, timeoutSeconds, killDelaySeconds(Optional.ofNullable(System.getenv(KILL_DELAY))));
    }

    static Patience of(DistRecipe recipe) {
        return new Patience(recipe.silenceSeconds(), recipe.timeoutSeconds());
    }

    /** Parses Open MPI's setting. */
    static double killDelaySeconds(Optional<String> setting) {
        return setting.filter(text -> text.matches("\\d{1,6}"))
                .map(Double::valueOf)
                .map(seconds -> Math.min(Math.max(seconds, MIN_KILL_DELAY_SECONDS), MAX_KILL_DELAY_SECONDS))
                .orElse(MIN_KILL_DELAY_SECONDS);
    }

    /** All ranks that the launcher ends have got its TERM within this time. */
    double allToldSeconds() {
        return 0.4 * killDelaySeconds;
    }

    /** For what a rank has to say before the launcher kills it. */
    double lastWordsSeconds() {
        return 0.7 * killDelaySeconds;
    }
}
