package yolompi.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import yolompi.WrongUsageException;
import yolompi.model.Architecture;
import yolompi.model.darknet.ArchitectureReader;
import yolompi.model.darknet.CfgFile;
import yolompi.recipe.Recipe;
import yolompi.recipe.RecipeFile;

/** A network named on the command line instead of in a recipe. */
final class NetworkArguments {
    /** {@code data.size} of every recipe is a multiple of this. */
    private static final int RECIPE_STRIDE = 32;

    private static final int USUAL_SIZE = 416;

    private NetworkArguments() {}

    /**
     * The default recipe with this network.
     *
     * @param further more changes, each {@code key=value}
     */
    static Recipe recipe(String cfg, int size, String... further) {
        if (size < 1 || size % RECIPE_STRIDE != 0) {
            throw new WrongUsageException("--size " + size + ": expected a multiple of " + RECIPE_STRIDE);
        }
        List<String> keys = new ArrayList<>(List.of(RecipeFile.override("model.cfg", cfg), "data.size=" + size));
        keys.addAll(List.of(further));
        return RecipeFile.parse("the command line", "", keys);
    }

    /**
     * The edge of the input: the given one, else the one in the .cfg, else {@value #USUAL_SIZE}.
     */
    static int size(Optional<Integer> requested, String cfg) {
        return requested.orElseGet(() -> CfgFile.read(cfg).edge().orElse(USUAL_SIZE));
    }

    /**
     * Reads the network.
     *
     * @throws WrongUsageException if the input size is not a multiple of the largest stride
     */
    static Architecture architecture(Recipe recipe, int classes) {
        if (classes < 1) {
            throw new WrongUsageException("--classes " + classes + ": expected 1 or more");
        }
        Architecture architecture =
                ArchitectureReader.read(recipe.model().cfg(), recipe.model().anchors(), classes);
        if (recipe.data().size() % architecture.largestStride() != 0) {
            throw new WrongUsageException("--size %d: expected a multiple of %d, the largest stride of %s"
                    .formatted(recipe.data().size(), architecture.largestStride(), architecture.source()));
        }
        return architecture;
    }
}
