package yolompi.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.InputException;
import yolompi.recipe.Recipe;
import yolompi.recipe.RecipeFile;

class CampaignTest {
    @TempDir
    private Path folder;

    private Path sweep;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(folder.resolve("base.toml"), "data.train = \"shards\"\ntrain.epochs = 7\n");
        sweep = sweep("[320, 416]");
    }

    private Path sweep(String sizes) throws IOException {
        return Files.writeString(folder.resolve("sweep.toml"), """
                recipe = "%s"
                samples = 2
                [sweep]
                data.size = %s
                data.sizes = [[], [320, 416]]
                optimizer.learning_rate = { min = 0.001, max = 0.1, scale = "log" }
                """.formatted(folder.resolve("base.toml"), sizes));
    }

    @Test
    void eachRunHasACompleteRecipeAndATableRow() throws IOException {
        Path made = folder.resolve("made");
        Campaign campaign = Campaign.plan(sweep, made);

        assertThat(campaign.runs()).hasSize(8);
        assertThat(Files.readAllLines(made.resolve("runs.csv")))
                .isEqualTo(Files.readAllLines(Path.of("src/test/resources/yolompi/campaign/runs.csv")));
        Recipe fourth = RecipeFile.read(made.resolve("recipes/0004.toml"), List.of());
        assertThat(fourth.train().epochs()).isEqualTo(7);
        assertThat(fourth.data().sizes()).containsExactly(320, 416);
        assertThat(fourth.data().size()).isEqualTo(320);
    }

    @Test
    void unfinishedRunsArePending() throws IOException {
        Path made = folder.resolve("made");
        Campaign campaign = Campaign.plan(sweep, made);
        assertThat(campaign.pending()).isEqualTo("1-8");
        for (int finished : new int[] {2, 4, 8}) {
            Files.createFile(
                    Files.createDirectory(made.resolve("000" + finished)).resolve("finished"));
        }
        assertThat(Campaign.open(made).pending()).isEqualTo("1,3,5-7");
        assertThat(Campaign.open(made).pendingWithout(Set.of(2, 6))).isEqualTo("1,3,5,7");
    }

    @Test
    void valueOutOfRangeNamesTheRunAndLeavesNoFiles() throws IOException {
        Path wrong = sweep("[320, 417]");
        assertThatThrownBy(() -> Campaign.plan(wrong, folder.resolve("made")))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("sweep.toml", "run 5", "data.size", "417");
        assertThat(folder.resolve("made")).doesNotExist();
    }

    @Test
    void existingCampaignIsNotOverwritten() {
        Campaign.plan(sweep, folder.resolve("made"));
        assertThatThrownBy(() -> Campaign.plan(sweep, folder.resolve("made")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("already holds a campaign");
        assertThatThrownBy(() -> Campaign.open(folder.resolve("other")))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("other", "runs.csv", "campaign plan");
    }
}
