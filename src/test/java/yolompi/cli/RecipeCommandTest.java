package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.recipe.RecipeFile;
import yolompi.recipe.RecipeReference;

final class RecipeCommandTest {
    @Test
    void defaultsArePrintedWithTheirComments() throws IOException {
        CommandRun run = CommandRun.of(List.of("recipe", "--defaults"));

        assertThat(run.status()).isZero();
        assertThat(run.printed())
                .isEqualTo(Files.readString(Path.of("src/main/resources/yolompi/recipe/defaults.toml")));
    }

    @Test
    void resolvedRecipeReadsBackAsTheSameRecipe(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("r.toml"), "[data]\ntrain = \"größe\"\n");

        CommandRun run = CommandRun.of(List.of("recipe", file.toString(), "--set", "train.epochs=7"));

        assertThat(run.status()).isZero();
        assertThat(RecipeFile.parse("printed", run.printed(), List.of()))
                .isEqualTo(RecipeFile.read(file, List.of("train.epochs=7")));
    }

    @Test
    void markdownIsTheRecipeReference() {
        assertThat(CommandRun.of(List.of("recipe", "--markdown")).printed()).isEqualTo(RecipeReference.markdown());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "recipe",
                "recipe --set seed=2",
                "recipe --defaults r.toml",
                "recipe --defaults --set seed=2",
                "recipe --defaults --markdown",
                "recipe src/recipes/shapes-tiny.toml --set train.epochs=0"
            })
    void missingOrConflictingArgumentsAreWrongUsage(String words) {
        CommandRun run = CommandRun.of(List.of(words.split(" ", -1)));

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.errors()).startsWith("yolo-mpi: ");
        assertThat(run.printed()).isEmpty();
    }
}
