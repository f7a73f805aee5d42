package yolompi.recipe;

import java.util.List;

/**
 * Which images, and how they are loaded.
 *
 * @param train folder of packed shards to train on
 * @param val folder of packed shards to evaluate on; empty: no evaluation while training
 * @param size edge of the square network input, pixels, a multiple of 32
 * @param sizes edges that training changes between, pixels, multiples of 32; empty: {@code size} alone
 * @param resizeEvery steps of one size
 * @param classBalance how much oftener images of rare classes are read: 0 as often as all, 1 in inverse proportion to the class's images
 * @param shuffle in which order the samples of an epoch come
 * @param shuffleWindow for WINDOW: how many neighbouring records are mixed with each other
 * @param workers loader threads of each rank; 0: as many as the rank has cores
 * @param prefetchSteps how many steps the loader may be ahead
 */
public record DataRecipe(
        String train,
        String val,
        int size,
        List<Integer> sizes,
        int resizeEvery,
        double classBalance,
        Shuffle shuffle,
        int shuffleWindow,
        int workers,
        int prefetchSteps) {
    public DataRecipe {
        requireEdge("data.size", size);
        sizes = List.copyOf(sizes);
        sizes.forEach(edge -> requireEdge("data.sizes", edge));
        Limits.within("data.resize_every", resizeEvery, 1, 1_000_000);
        Limits.within("data.class_balance", classBalance, 0, 1);
        if (classBalance > 0 && shuffle != Shuffle.FULL) {
            Limits.fail("data.class_balance", classBalance, "0 where data.shuffle is not full");
        }
        Limits.within("data.shuffle_window", shuffleWindow, 1, 100_000_000);
        Limits.within("data.workers", workers, 0, 256);
        Limits.within("data.prefetch_steps", prefetchSteps, 1, 64);
    }

    private static void requireEdge(String key, int edge) {
        Limits.within(key, edge, 32, 4096);
        if (edge % 32 != 0) {
            Limits.fail(key, edge, "a multiple of 32, the network's largest stride");
        }
    }

    public enum Shuffle {
        /** The whole set is mixed. */
        FULL,
        /** The order of the shards is mixed, and then the records inside a window. */
        WINDOW
    }
}
