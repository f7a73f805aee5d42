package yolompi.recipe;

/**
 * Which images, and how they are loaded.
 *
 * @param train folder of packed shards to train on
 * @param val folder of packed shards to evaluate on; empty: no evaluation while training
 * @param size edge of the square network input, pixels, a multiple of 32
 * @param shuffle in which order the samples of an epoch come
 * @param shuffleWindow for WINDOW: how many neighbouring records are mixed with each other
 * @param workers loader threads of each rank; 0: as many as the rank has cores
 * @param prefetchSteps how many steps the loader may be ahead
 */
public record DataRecipe(
        String train, String val, int size, Shuffle shuffle, int shuffleWindow, int workers, int prefetchSteps) {
    public DataRecipe {
        Limits.within("data.size", size, 32, 4096);
        if (size % 32 != 0) {
            Limits.fail("data.size", size, "a multiple of 32, the network's largest stride");
        }
        Limits.within("data.shuffle_window", shuffleWindow, 1, 100_000_000);
        Limits.within("data.workers", workers, 0, 256);
        Limits.within("data.prefetch_steps", prefetchSteps, 1, 64);
    }

    public enum Shuffle {
        /** The whole set is mixed. */
        FULL,
        /** The order of the shards is mixed, and then the records inside a window. */
        WINDOW
    }
}
