package yolompi.cli;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;
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

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            showDefaultValue = Visibility.NEVER,
            description = "Change one key of the recipe for this run: --set train.epochs=10; may be repeated.")
    private List<String> overrides = List.of();

    Recipe read() {
        return RecipeFile.read(file, overrides);
    }

    /** The recipe's file name without its ending. */
    String name() {
        return file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
    }
}
