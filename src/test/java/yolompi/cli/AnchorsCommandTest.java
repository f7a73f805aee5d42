package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.anchors.AnchorFit;
import yolompi.data.PackedShapes;
import yolompi.model.Architecture;
import yolompi.model.darknet.ArchitectureReader;
import yolompi.model.darknet.CfgFile;
import yolompi.ranks.RankLauncher;
import yolompi.ranks.RankOutcome;
import yolompi.recipe.Recipe;
import yolompi.recipe.RecipeFile;

/** The command {@code anchors} and the recipe line that it prints. */
class AnchorsCommandTest {
    @TempDir
    Path folder;

    /** A network in which no mask uses the first of the six anchors. */
    @Test
    @Tag("mpi")
    void oneRankPrintsAnchorsAsARecipeLineAndDrawsThem() throws IOException {
        PackedShapes shapes = PackedShapes.in(folder, 20, 2);
        Path cfg = Files.writeString(
                folder.resolve("five.cfg"), CfgFile.read("yolov3-tiny").text().replace("mask=0,1,2", "mask=1,2"));
        Path recipe = shapes.recipe("shapes", cfg.toString(), "data.size = 192\n");
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
        assertThat(pasted.model().anchors()).startsWith(10.0, 14.0).hasSize(12);
        Architecture network =
                ArchitectureReader.read(cfg.toString(), pasted.model().anchors(), 4);
        // The coarse head comes first and has the large anchors, as in Darknet.
        float[] anchors = AnchorsCommand.sizes(network.heads());
        assertThat(anchors).hasSize(10);
        assertThat(anchors[0] * anchors[1]).isGreaterThanOrEqualTo(anchors[8] * anchors[9]);
    }

    @Test
    void headLinesCountTheBoxesOfTheirAnchors() {
        AnchorFit fit = new AnchorFit(1, 6, 0.7, 0.9, new int[] {1, 2, 3, 10, 20, 64});
        assertThat(AnchorsCommand.heads(
                        ArchitectureReader.read("yolov3-tiny", List.of(), 3).heads(), fit, 100))
                .containsExactly(
                        "stride 32:      6 boxes (6.0 %), anchors 81×82 135×169 344×319",
                        "stride 16:     94 boxes (94.0 %), anchors 10×14 23×27 37×58");
    }

    @Test
    void anchorSizesAreRoundedToPixelsOrTenths() {
        assertThat(AnchorsCommand.size(AnchorsCommand.rounded(123.4f))).isEqualTo("123");
        assertThat(AnchorsCommand.size(AnchorsCommand.rounded(9.96f))).isEqualTo("10");
        assertThat(AnchorsCommand.size(AnchorsCommand.rounded(4.449f))).isEqualTo("4.4");
        assertThat(AnchorsCommand.size(AnchorsCommand.rounded(0.01f))).isEqualTo("0.1");
    }
}
