package yolompi.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import yolompi.recipe.Recipe;
import yolompi.recipe.RecipeFile;

/** A recipe on the command line, and what changes it there. */
final class RecipeArguments {
    @Parameters(
            paramLabel = "RECIPE",
            description =
                    "TOML file, such as src/recipes/shapes-tiny.toml. Every key, its default and the reason stand in"
                            + " src/main/resources/yolompi/recipe/defaults.toml.")
    private Path file;

    @Mixin
    private RecipeOverrides overrides;

    Recipe read() {
        return RecipeFile.read(file, overrides.list());
    }

    /** The same with texts by their keys laid over all, which other options stand for. */
    Recipe read(Map<String, String> texts) {
        List<String> all = new ArrayList<>(overrides.list());
        texts.forEach((key, text) -> all.add(RecipeFile.override(key, text)));
        return RecipeFile.read(file, all);
    }

    /** The recipe's file name without its ending. */
    String name() {
        return file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
    }
}
