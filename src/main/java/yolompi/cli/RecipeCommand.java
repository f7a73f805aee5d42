package yolompi.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import yolompi.WrongUsageException;
import yolompi.recipe.RecipeFile;
import yolompi.recipe.RecipeReference;

@Command(
        name = "recipe",
        description = {
            "Checks a recipe and the changes of --set, and prints the values of all keys (TOML).",
            "With --defaults: prints every key with its default and the reason for it."
        })
final class RecipeCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..1",
            paramLabel = "RECIPE",
            showDefaultValue = Visibility.NEVER,
            description = "Recipe (TOML), such as src/recipes/shapes-tiny.toml.")
    private Optional<Path> file = Optional.empty();

    @Mixin
    private SharedOptions.Overrides overrides;

    @Option(
            names = "--defaults",
            showDefaultValue = Visibility.NEVER,
            description = "Print the default recipe with its comments.")
    private boolean defaults;

    @Option(names = "--markdown", hidden = true, description = "Print the recipe reference, src/docs/recipe.md.")
    private boolean markdown;

    @Override
    public Integer call() {
        // As bytes: standard output may have an encoding that lacks some letters.
        System.out.writeBytes(text().getBytes(StandardCharsets.UTF_8));
        System.out.flush();
        return 0;
    }

    private String text() {
        if (file.isEmpty() && defaults != markdown && overrides.list().isEmpty()) {
            return defaults ? RecipeFile.defaultText() : RecipeReference.markdown();
        }
        if (defaults || markdown) {
            throw new WrongUsageException("--defaults: expected no RECIPE and no other option");
        }
        return file.map(path -> RecipeFile.toToml(RecipeFile.read(path, overrides.list())))
                .orElseThrow(() -> new WrongUsageException("found no RECIPE, expected a RECIPE or --defaults"));
    }
}
