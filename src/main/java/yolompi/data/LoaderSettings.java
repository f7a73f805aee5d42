package yolompi.data;

import yolompi.InputException;

/**
 * How a {@link BatchLoader} works.
 *
 * @param workers threads that decode
 * @param prefetchSteps how many steps may be ready or under way before they are asked for
 */
public record LoaderSettings(int workers, int prefetchSteps) {
    public LoaderSettings {
        requirePositive("loader threads", workers);
        requirePositive("steps to load ahead", prefetchSteps);
    }

    private static void requirePositive(String what, int value) {
        if (value < 1) {
            throw new InputException(what + " = " + value + ": expected at least 1");
        }
    }
}
