package yolompi.dist;

import yolompi.recipe.DistRecipe;

/**
 * How long other ranks bear with a rank.
 *
 * @param silenceSeconds that it may be stopped, or send nothing
 * @param timeoutSeconds that it may do the same thing while others wait for it
 */
record Patience(double silenceSeconds, double timeoutSeconds) {
    /** Until the recipe is read. */
    static final Patience AT_START = new Patience(20, 300);

    static Patience of(DistRecipe recipe) {
        return new Patience(recipe.silenceSeconds(), recipe.timeoutSeconds());
    }
}
