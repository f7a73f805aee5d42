package yolompi.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.InputException;
import yolompi.WrongUsageException;

/** Keys set on the command line with {@code --set}. */
final class RecipeOverridesTest {
    @Test
    void overridesAreAppliedToTheFileInOrder(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("r.toml"), "[train]\nepochs = 3\nbatch = 8\n");
        List<String> overrides = List.of(
                "train.epochs=4",
                "train.epochs = 5",
                "optimizer.kind=adamw",
                "data.val=some/folder#1",
                "data.train=\"2024\"",
                "schedule.milestones=[0.25, 0.5]",
                "optimizer={beta2=0.5}",
                "model.precision=bf16");

        Recipe recipe = RecipeFile.read(file, overrides);

        assertThat(recipe.train().epochs()).isEqualTo(5);
        assertThat(recipe.train().batch()).isEqualTo(8);
        assertThat(recipe.optimizer().kind()).isEqualTo(OptimizerRecipe.Kind.ADAMW);
        assertThat(recipe.optimizer().beta2()).isEqualTo(0.5);
        assertThat(recipe.data().val()).isEqualTo("some/folder#1");
        assertThat(recipe.data().train()).isEqualTo("2024");
        assertThat(recipe.schedule().milestones()).containsExactly(0.25, 0.5);
        assertThat(recipe.model().precision()).isEqualTo(ModelRecipe.Precision.BF16);
    }

    @Test
    void emptyOverrideGivesAnEmptyString() {
        Recipe recipe = RecipeFile.parse("r.toml", "data.val = 'x'", List.of("data.val="));

        assertThat(recipe.data().val()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0", "true", "1.50", "2024-05-27"})
    void stringOverrideNeedsNoQuotes(String text) {
        Recipe recipe = RecipeFile.parse("r.toml", "", List.of("model.freeze=" + text, "data.train='" + text + "'"));

        assertThat(recipe.model().freeze()).isEqualTo(text);
        assertThat(recipe.data().train()).isEqualTo(text);
    }

    @Test
    void rangesAreCheckedAfterAllOverrides() {
        Recipe recipe = RecipeFile.parse(
                "r.toml", "[train]\nbatch = 16\nmicro_batch = 8", List.of("train.batch=4", "train.micro_batch=2"));

        assertThat(recipe.train().batch()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "train.epochs=ten | --set train.epochs=ten: train.epochs = \"ten\": expected an integer",
                "train.epochs     | --set train.epochs: expected key=value, such as train.epochs=10",
                "=3               | --set =3: expected key=value, such as train.epochs=10",
                "trian.epochs=3   | --set trian.epochs=3: unknown key trian; valid keys of a recipe: seed, model, data,"
                        + " augment, loss, optimizer, schedule, train, eval, checkpoint, report, dist; did you mean train?",
                "train=3          | --set train=3: train = 3: expected a table [train]",
            })
    void errorInAnOverrideNamesTheOverride(String override, String message) {
        assertThatThrownBy(() -> RecipeFile.parse("r.toml", "", List.of(override)))
                .isInstanceOf(InputException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"schedule.milestones=[0.5", "data.train=\"half", "optimizer={kind="})
    void unterminatedOverrideValueIsRejected(String override) {
        assertThatThrownBy(() -> RecipeFile.parse("r.toml", "", List.of(override)))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("--set " + override + ": the value is not valid TOML: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"train.epochs=ten", "train.epochs=0", "trian.epochs=3", "seed"})
    void onlyErrorsInOverridesAreWrongUsage(String override) {
        assertThatThrownBy(() -> RecipeFile.parse("r.toml", "", List.of(override)))
                .isInstanceOf(WrongUsageException.class);
        assertThatThrownBy(() -> RecipeFile.parse("r.toml", "data.size = 100", List.of("seed=3")))
                .isExactlyInstanceOf(InputException.class);
    }
}
