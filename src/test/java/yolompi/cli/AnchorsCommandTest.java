package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.data.PackedShapes;
import yolompi.dist.RankLauncher;
import yolompi.dist.RankOutcome;
import yolompi.model.Architecture;
import yolompi.recipe.Recipe;
import yolompi.recipe.RecipeFile;

/** The line that it prints is a recipe's. */
@Tag("mpi")
class AnchorsCommandTest {
    @TempDir
    Path folder;

    @Test
    void oneOfSeveralRanksPrintsAnchorsThatARecipeTakesAndDrawsThem() {
        PackedShapes shapes = PackedShapes.in(folder, 20, 2);
        Path recipe = shapes.recipe("shapes", "data.size = 192\n");
        Path picture = folder.resolve("anchors.png");
        RankOutcome outcome = RankLauncher.ofMain(Main.class)
                .ranks(2)
                .run("anchors", recipe.toString(), "--generations", "50", "--picture", picture.toString());
        assertThat(outcome.exitCode()).as(outcome.outputs().toString()).isZero();
        List<String> lines = outcome.lines(0);
        assertThat(lines).anyMatch(line -> line.contains("boxes in 20 images at 192 px"));
        assertThat(lines).filteredOn(line -> line.startsWith("stride")).hasSize(2);
        assertThat(outcome.output(1)).doesNotContain("anchors = ");
        assertThat(picture).exists();
        assertThat(Files.exists(folder.resolve("runs"))).isFalse();
        String line = lines.stream()
                .filter(each -> each.startsWith("anchors = ["))
                .findFirst()
                .orElseThrow();
        Recipe pasted = RecipeFile.parse("pasted", "[model]\n" + line, List.of());
        Architecture network =
                Architecture.read(pasted.model().cfg(), pasted.model().anchors(), 4);
        // Darknet's masks give the coarse head, which comes first, the large ones.
        float[] anchors = AnchorLines.of(network.heads());
        assertThat(anchors).hasSize(12);
        assertThat(anchors[0] * anchors[1]).isGreaterThanOrEqualTo(anchors[10] * anchors[11]);
    }
}
