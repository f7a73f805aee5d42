package yolompi.recipe;

import java.util.List;

/**
 * The training and validation images, and how they are loaded.
 *
 * @param train folder of packed shards to train on
 * @param val folder of packed shards to evaluate on; empty: no evaluation during training
 * @param size edge of the square network input, pixels, a multiple of 32
 * @param sizes edges for multi-scale training, pixels, multiples of 32; empty: only {@code size}
 * @param resizeEvery steps between changes of the size
 * @param classBalance oversampling of rare classes: 0 none, 1 inversely proportional to the images
 *     of the class
 * @param shuffle order of the samples of an epoch
 * @param shuffleWindow for WINDOW: number of neighboring records that are shuffled together
 * @param workers loader threads per rank; 0: the number of cores of the rank
 * @param prefetchSteps number of steps that the loader may be ahead
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
            Limits.fail("data.class_balance", classBalance, "0, because data.shuffle is not \"full\"");
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
        /** Shuffles the whole data set. */
        FULL,
        /** Shuffles the order of the shards, then the records within a window. */
        WINDOW
    }
}
