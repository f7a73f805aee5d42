package yolompi.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.InputException;

final class RecipeFileTest {
    private static final List<String> NO_OVERRIDES = List.of();
    private static final Recipe DEFAULTS = RecipeFile.parse("empty.toml", "", NO_OVERRIDES);

    @Test
    void defaultsMatchTheRecordComponents() {
        Set<String> inFile = new TreeSet<>();
        collectKeys(RecipeFile.defaults(), "", inFile);

        assertThat(inFile)
                .containsExactlyInAnyOrderElementsOf(
                        RecipeSchema.flatten(DEFAULTS).keySet());
        assertThat(inFile).contains("seed", "optimizer.learning_rate", "eval.nms_iou", "optimizer.beta2");
    }

    @Test
    void recipeStatesOnlyItsChanges() {
        Recipe recipe = RecipeFile.parse("r.toml", """
                seed = 7
                [data]
                train = "shards/train"
                [schedule]
                kind = "step"
                milestones = [0.5]
                warmup_epochs = 1   # an integer for a double
                """, NO_OVERRIDES);

        assertThat(recipe.seed()).isEqualTo(7);
        assertThat(recipe.data().train()).isEqualTo("shards/train");
        assertThat(recipe.schedule())
                .isEqualTo(Recipes.with("schedule.kind=step", "schedule.milestones=[0.5]", "schedule.warmup_epochs=1.0")
                        .schedule());
        assertThat(recipe.schedule().finalFactor())
                .isEqualTo(DEFAULTS.schedule().finalFactor());
        assertThat(recipe.data().size()).isEqualTo(DEFAULTS.data().size());
        assertThat(recipe.optimizer()).isEqualTo(DEFAULTS.optimizer());
    }

    @Test
    void unknownKeyNamesFileKeyValidKeysAndASuggestion() {
        assertThatThrownBy(() -> parse("[optimizer]\nlearnig_rate = 0.1"))
                .isInstanceOf(InputException.class)
                .hasMessage(
                        "r.toml: unknown key optimizer.learnig_rate; valid keys of [optimizer]: kind, learning_rate,"
                                + " reference_batch, min_batch_scale, max_batch_scale, momentum, nesterov, beta2, weight_decay,"
                                + " clip_norm, max_skipped;"
                                + " did you mean learning_rate?");
        assertThatThrownBy(() -> parse("[optimzer]\nkind = 'sgd'"))
                .hasMessageContaining("r.toml: unknown key optimzer; valid keys of a recipe: seed, model, data")
                .hasMessageEndingWith("did you mean optimizer?");
        assertThatThrownBy(() -> parse("learning_rate = 1"))
                .hasMessageEndingWith("did you mean optimizer.learning_rate?");
        assertThatThrownBy(() -> parse("[train]\nxyzzy = 1")).hasMessageEndingWith("ema_decay, patience, threads");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "train.epochs = \"ten\"        | train.epochs = \"ten\": expected an integer",
                "train.epochs = 1.0            | train.epochs = 1.0: expected an integer",
                "train.epochs = 3000000000     | train.epochs = 3000000000: expected an integer of at most 32 bits",
                "seed = \"1\"                  | seed = \"1\": expected an integer of at most 18 digits",
                "augment.flip = \"0.5\"        | augment.flip = \"0.5\": expected a number",
                "augment.flip = nan            | augment.flip = NaN: expected a number",
                "optimizer.learning_rate = inf | optimizer.learning_rate = Infinity: expected a number",
                "optimizer.nesterov = 1        | optimizer.nesterov = 1: expected true or false",
                "data.train = 5                | data.train = 5: expected a string in quotes",
                "data.train = [\"a\"]          | data.train = [\"a\"]: expected a string in quotes",
                "schedule.milestones = 0.5     | schedule.milestones = 0.5: expected a list in brackets",
                "schedule.milestones = [\"a\"] | schedule.milestones[0] = \"a\": expected a number",
                "loss.box = \"eiou\"           | loss.box = \"eiou\": expected \"mse\" or \"iou\" or \"giou\" or \"diou\" or \"ciou\"",
                "loss.box = \"CIOU\"           | loss.box = \"CIOU\": expected \"mse\" or \"iou\" or \"giou\" or \"diou\" or \"ciou\"",
                "model = \"yolov3\"            | model = \"yolov3\": expected a table [model]",
                "model.cfg.name = \"yolov3\"   | model.cfg = {name = \"yolov3\"}: expected a string in quotes",
            })
    void illTypedValueIsRejectedWithKeyFoundAndExpected(String toml, String message) {
        assertThatThrownBy(() -> parse(toml)).isInstanceOf(InputException.class).hasMessage("r.toml: " + message);
    }

    @Test
    void dateIsNotAString() {
        assertThatThrownBy(() -> parse("data.train = 2024-05-27"))
                .isInstanceOf(InputException.class)
                .hasMessage("r.toml: data.train = 2024-05-27: expected a string in quotes");
    }

    @Test
    void integerThatTheLibraryMisreadsIsRejected() {
        assertThatThrownBy(() -> parse("seed = 1_234567890123456789 # long"))
                .isInstanceOf(InputException.class)
                .hasMessage("r.toml: seed = 1_234567890123456789 # long: expected at most 18 digits");
        assertThatThrownBy(() -> RecipeFile.parse("r.toml", "", List.of("train.epochs=1000000000000000005")))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("--set train.epochs=1000000000000000005: ")
                .hasMessageEndingWith("expected at most 18 digits");
        assertThatThrownBy(() -> parse("seed = 0x7fffffffffffffff")).hasMessageEndingWith("of at most 18 digits");
        assertThat(parse("seed = 123456789012345678").seed()).isEqualTo(123456789012345678L);
        assertThat(parse("# as in job = 1234567890123456789\nseed = 5").seed()).isEqualTo(5);
    }

    @Test
    void valueOutOfRangeNamesTheFileAndTheOverrides() {
        assertThatThrownBy(() -> parse("train.epochs = 0"))
                .isInstanceOf(InputException.class)
                .hasMessage("r.toml: train.epochs = 0: expected 1 to 1000000");
        assertThatThrownBy(() -> RecipeFile.parse("r.toml", "", List.of("seed=3", "data.size=100")))
                .isInstanceOf(InputException.class)
                .hasMessage("r.toml with --set seed=3 --set data.size=100: data.size = 100: expected a multiple of 32,"
                        + " the network's largest stride");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[0, 5]", "[5, -1]", "[1e-60, 5]", "[5, 1e300]", "[5]"})
    void anchorIsAPairOfFloatSizes(String anchors) {
        assertThatThrownBy(() -> parse("model.anchors = " + anchors))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected pairs of a width and a height in pixels, all above 0");
    }

    @Test
    void invalidTomlNamesLineAndColumn() {
        assertThatThrownBy(() -> parse("seed = 1\n[train]\nepochs = = 2\n"))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("r.toml, line 3, column 10: not valid TOML: ");
        assertThatThrownBy(() -> parse("seed = 1\nseed = 2\n"))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("r.toml, line ")
                .hasMessageEndingWith("Duplicate key");
    }

    @Test
    void missingOrUnreadableFileIsNamed(@TempDir Path folder) throws IOException {
        Path missing = folder.resolve("none.toml");
        Path binary = Files.write(folder.resolve("latin.toml"), "# \u00e9".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> RecipeFile.read(missing, NO_OVERRIDES))
                .isInstanceOf(InputException.class)
                .hasMessage(missing + ": no such file; expected a recipe (TOML)");
        assertThatThrownBy(() -> RecipeFile.read(binary, NO_OVERRIDES))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(binary + ": can't be read as UTF-8 text");
        assertThatThrownBy(() -> RecipeFile.read(folder, NO_OVERRIDES))
                .isInstanceOf(InputException.class)
                .hasMessage(folder + ": found a folder, expected a recipe (TOML)");
    }

    @Test
    void resolvedTextReadsBackAsTheSameRecipe() {
        Recipe recipe = RecipeFile.parse(
                "r.toml",
                "[schedule]\nmilestones = []",
                List.of(
                        "data.train='C:\\new \"x\" \u00e9'",
                        "data.val=\"tab\\tline\\nbell\\u0007\"",
                        "optimizer.weight_decay=1e-12",
                        "optimizer.learning_rate=0.30000000000000004",
                        "loss.box_weight=1e300",
                        "loss.class_weight=-0.0",
                        "seed=-999999999999999999"));
        String text = RecipeFile.toToml(recipe);

        assertThat(RecipeFile.parse("resolved.toml", text, NO_OVERRIDES)).isEqualTo(recipe);
        assertThat(text)
                .startsWith(
                        "seed = -999999999999999999\n\n[model]\ncfg = \"yolov3-tiny\"\nweights = \"\"\nfreeze = \"\"\nunfreeze_epoch = 0\nanchors = []\ndevice = \"auto\"\nprecision = \"fp32\"\n");
        assertThat(RecipeFile.toToml(DEFAULTS)).contains("\n[schedule]\n", "\nmilestones = [0.8, 0.9]\n", "= 0.0005\n");
    }

    @Test
    void entriesContainEveryKey() {
        Recipe other = RecipeFile.parse("r.toml", "", List.of("optimizer.learning_rate=0.2"));

        assertThat(RecipeFile.entries(DEFAULTS))
                .containsEntry("seed", "1")
                .containsEntry("model.cfg", "\"yolov3-tiny\"")
                .containsEntry("optimizer.learning_rate", "0.01");
        assertThat(RecipeFile.entries(other)).containsEntry("optimizer.learning_rate", "0.2");
    }

    private static Recipe parse(String toml) {
        return RecipeFile.parse("r.toml", toml, NO_OVERRIDES);
    }

    private static void collectKeys(ObjectNode table, String prefix, Set<String> keys) {
        for (Map.Entry<String, JsonNode> entry : table.properties()) {
            if (entry.getValue() instanceof ObjectNode inner) {
                collectKeys(inner, prefix + entry.getKey() + ".", keys);
            } else {
                keys.add(prefix + entry.getKey());
            }
        }
    }
}
