package yolompi.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import yolompi.recipe.Recipe;
import yolompi.recipe.RecipeFile;

/** The recipe and its changes on the command line. */
final class RecipeArguments {
    @Parameters(
            paramLabel = "RECIPE",
            description =
                    "Recipe (TOML), such as src/recipes/shapes-tiny.toml. 'yolo-mpi recipe --defaults' prints every key"
                            + " with its default and the reason for it.")
    private Path file;

    @Mixin
    private SharedOptions.Overrides overrides;

    Recipe read() {
        return RecipeFile.read(file, overrides.list());
    }

    /** The recipe with further string values by key, which other options have set. */
    Recipe read(Map<String, String> texts) {
        List<String> all = new ArrayList<>(overrides.list());
        texts.forEach((key, text) -> all.add(RecipeFile.override(key, text)));
        return RecipeFile.read(file, all);
    }

    /** The file name of the recipe without its extension. */
    String name() {
        return file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
    }
}
