package yolompi.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RecipeReferenceTest {
    private static final Path PAGE = Path.of("src/docs/recipe.md");

    @Test
    void pageMatchesTheDefaults() throws IOException {
        String page = Files.exists(PAGE) ? Files.readString(PAGE) : "";

        assertThat(page)
                .as("%s differs from defaults.toml; rewrite it: %s", PAGE, RecipeReference.COMMAND)
                .isEqualTo(RecipeReference.markdown());
    }

    @Test
    void everyKeyHasItsDefaultAndAMeaning() {
        List<String> lines = RecipeReference.markdown().lines().toList();
        Map<String, String> defaults = RecipeFile.entries(Recipes.with());

        assertThat(lines).filteredOn(line -> line.startsWith("| `")).hasSize(defaults.size());
        defaults.forEach((key, value) -> {
            String start = "| `%s` | `%s` | ".formatted(key, value);
            String end = " |";
            assertThat(lines)
                    .as(key)
                    .filteredOn(line -> line.startsWith(start) && line.length() > start.length() + end.length())
                    .hasSize(1);
        });
    }

    @Test
    void tablesBecomeSectionsAndContinuedCommentsBecomeOneCell() {
        String page = RecipeReference.markdown("""
                # skipped
                seed = 1   # of all

                [model]    # the network
                cfg = "#1" # a | b,
                           # c < d
                """);

        assertThat(page).endsWith("""

                | key | default | meaning |
                | --- | --- | --- |
                | `seed` | `1` | of all |

                ## [model]

                the network

                | key | default | meaning |
                | --- | --- | --- |
                | `model.cfg` | `"#1"` | a \\| b, c &lt; d |
                """);
    }
}
