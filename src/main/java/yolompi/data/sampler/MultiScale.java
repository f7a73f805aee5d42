package yolompi.data.sampler;

import java.util.List;
import yolompi.recipe.DataRecipe;

/**
 * The edge of the square network input in each step: a single size, or a size drawn at random for
 * each interval of steps (multi-scale training; Redmon and Farhadi, YOLO9000, section 2). The size
 * depends only on the seed and the interval, so all ranks use the same size.
 *
 * @param edges pixels, at least one
 * @param every steps per interval
 */
public record MultiScale(List<Integer> edges, int every, long seed) {
    public MultiScale {
        edges = List.copyOf(edges);
    }

    /** The sizes of a recipe. */
    public static MultiScale of(DataRecipe recipe, long seed) {
        return recipe.sizes().isEmpty()
                ? always(recipe.size())
                : new MultiScale(recipe.sizes(), recipe.resizeEvery(), seed);
    }

    /** The same size in every step. */
    public static MultiScale always(int edge) {
        return new MultiScale(List.of(edge), 1, 0);
    }

    /** The edge in a step; steps count from 0. */
    public int at(long step) {
        double drawn = RandomStreams.sizes(seed, step / every).nextDouble();
        return edges.get((int) (drawn * edges.size()));
    }

    public int largest() {
        return edges.stream().mapToInt(Integer::intValue).max().orElseThrow();
    }

    public int smallest() {
        return edges.stream().mapToInt(Integer::intValue).min().orElseThrow();
    }
}
