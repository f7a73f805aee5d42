package yolompi.data.loader;

import yolompi.InputException;

/**
 * Settings of a {@link BatchLoader}.
 *
 * @param workers number of threads
 * @param prefetchSteps maximum number of steps that are loaded or in progress ahead of their
 *     request
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
