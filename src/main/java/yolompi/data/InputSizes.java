package yolompi.data;

import java.util.List;
import yolompi.recipe.DataRecipe;

/**
 * The edge of the square network input in each step: one size, or one of several for a stretch of
 * steps at a time, drawn from the seed and the stretch's number, so that all ranks use the same one
 * (multi-scale training; Redmon and Farhadi, YOLO9000, section 2).
 *
 * @param edges pixels, at least one
 * @param every steps of a stretch
 */
public record InputSizes(List<Integer> edges, int every, long seed) {
    public InputSizes {
        edges = List.copyOf(edges);
    }

    /** As a recipe says. */
    public static InputSizes of(DataRecipe recipe, long seed) {
        return recipe.sizes().isEmpty()
                ? always(recipe.size())
                : new InputSizes(recipe.sizes(), recipe.resizeEvery(), seed);
    }

    /** The same size in every step. */
    public static InputSizes always(int edge) {
        return new InputSizes(List.of(edge), 1, 0);
    }

    /** The edge in a step, counted from 0. */
    public int at(long step) {
        double drawn = Seeds.sizes(seed, step / every).nextDouble();
        return edges.get((int) (drawn * edges.size()));
    }

    public int largest() {
        return edges.stream().mapToInt(Integer::intValue).max().orElseThrow();
    }

    public int smallest() {
        return edges.stream().mapToInt(Integer::intValue).min().orElseThrow();
    }
}
