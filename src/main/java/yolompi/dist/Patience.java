package yolompi.dist;

import java.util.Optional;
import yolompi.recipe.DistRecipe;

/**
 * How long other ranks bear with a rank.
 *
 * @param silenceSeconds that it may be stopped, or send nothing
 * @param timeoutSeconds that it may do the same thing while others wait for it
 * @param farewellSeconds from the signal TERM, which the launcher sends to all ranks when it ends a job, to its KILL
 */
record Patience(double silenceSeconds, double timeoutSeconds, double farewellSeconds) {
    /** Open MPI's setting for that, and what it is unless set. */
    private static final String FAREWELL = "OMPI_MCA_odls_base_sigkill_timeout";

    private static final double LEAST_FAREWELL_SECONDS = 1;

    /** Until the recipe is read. */
    static final Patience AT_START = new Patience(20, 300);

    Patience(double silenceSeconds, double timeoutSeconds) {
        this(silenceSeconds, timeoutSeconds, farewellSeconds(Optional.ofNullable(System.getenv(FAREWELL))));
    }

    static Patience of(DistRecipe recipe) {
        return new Patience(recipe.silenceSeconds(), recipe.timeoutSeconds());
    }

    /** By the value of Open MPI's setting, if any. */
    static double farewellSeconds(Optional<String> setting) {
        return setting.filter(text -> text.matches("\\d{1,6}"))
                .map(Double::valueOf)
                .filter(seconds -> seconds > LEAST_FAREWELL_SECONDS)
                .orElse(LEAST_FAREWELL_SECONDS);
    }

    /** All ranks that the launcher ends have got its TERM within this time. */
    double allToldSeconds() {
        return 0.4 * farewellSeconds;
    }

    /** For what a rank has to say before the launcher kills it. */
    double lastWordsSeconds() {
        return 0.7 * farewellSeconds;
    }
}
