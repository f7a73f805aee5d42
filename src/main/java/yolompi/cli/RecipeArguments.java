package yolompi.cli;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import yolompi.recipe.Recipe;
import yolompi.recipe.RecipeFile;

/** A recipe on the command line, and what changes it there. */
final class RecipeArguments {
    @Parameters(paramLabel = "RECIPE", description = "TOML file; every key and its default: defaults.toml in the jar.")
    private Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Change one key of the recipe: --set train.epochs=10; may be repeated.")
    private List<String> overrides = List.of();

    Recipe read() {
        return RecipeFile.read(file, overrides);
    }

    /** The recipe's file name without its ending. */
    String name() {
        return file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
    }
}
