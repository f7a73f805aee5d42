package yolompi.data;

import yolompi.InputException;

/**
 * How a {@link BatchLoader} works.
 *
 * @param size edge S of the square input, pixels
 * @param workers threads that decode
 * @param prefetchSteps how many steps may be ready or under way before they are asked for
 */
public record LoaderSettings(int size, int workers, int prefetchSteps) {
    public LoaderSettings {
        requirePositive("input size", size);
        requirePositive("loader threads", workers);
        requirePositive("steps to load ahead", prefetchSteps);
    }

    /**
     * Bytes of so many images in one batch.
     *
     * @throws InputException where they are more than an array holds
     */
    public int bytesOf(int images) {
        long bytes = 3L * size * size * images;
        if (bytes > Integer.MAX_VALUE) {
            throw new InputException(images + " images of " + size + " × " + size
                    + " pixels at once: expected at most 2 GiB; take fewer images at once");
        }
        return (int) bytes;
    }

    private static void requirePositive(String what, int value) {
        if (value < 1) {
            throw new InputException(what + " = " + value + ": expected at least 1");
        }
    }
}
