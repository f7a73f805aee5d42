package yolompi.data;

import yolompi.InputException;

/**
 * How a {@link BatchLoader} works.
 *
 * @param size edge S of the square input, pixels
 * @param microBatch images that enter the network at once, at most
 * @param workers threads that decode
 * @param prefetchSteps how many steps may be ready or under way before they are asked for
 */
public record LoaderSettings(int size, int microBatch, int workers, int prefetchSteps) {
    public LoaderSettings {
        requirePositive("input size", size);
        requirePositive("images at once", microBatch);
        requirePositive("loader threads", workers);
        requirePositive("steps to load ahead", prefetchSteps);
        if (3L * size * size * microBatch > Integer.MAX_VALUE) {
            throw new InputException(microBatch + " images of " + size + " × " + size
                    + " pixels at once: expected at most 2 GiB; take fewer images at once");
        }
    }

    int imageBytes() {
        return 3 * size * size;
    }

    private static void requirePositive(String what, int value) {
        if (value < 1) {
            throw new InputException(what + " = " + value + ": expected at least 1");
        }
    }
}
