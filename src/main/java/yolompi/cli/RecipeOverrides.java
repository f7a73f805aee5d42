package yolompi.cli;

import java.util.List;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/** The option {@code --set}: changes single keys of a recipe. */
final class RecipeOverrides {
    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            showDefaultValue = Visibility.NEVER,
            description = "Set one key of the recipe for this run, such as --set train.epochs=10. May be repeated.")
    private List<String> overrides = List.of();

    /** The changes in the given order, each {@code table.key=value}. */
    List<String> list() {
        return overrides;
    }
}
