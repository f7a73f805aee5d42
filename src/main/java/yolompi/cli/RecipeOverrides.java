package yolompi.cli;

import java.util.List;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/** Changes to single keys of a recipe on the command line. */
final class RecipeOverrides {
    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            showDefaultValue = Visibility.NEVER,
            description = "Change one key of the recipe for this run: --set train.epochs=10; may be repeated.")
    private List<String> overrides = List.of();

    /** {@code table.key=value} each, in the order given. */
    List<String> list() {
        return overrides;
    }
}
