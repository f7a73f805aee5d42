package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Each rule of {@link DocsRules} reports a wrong page and accepts a right one. */
final class DocsRulesTest {
    private static DocsRules rules;

    @BeforeAll
    static void readSourcesAndCommands() throws IOException {
        rules = new DocsRules();
    }

    private static MarkdownPage page(String text) {
        return MarkdownPage.parse(Path.of("page.md"), text);
    }

    private static MarkdownPage code(String text) {
        return page("```\n" + text + "\n```");
    }

    @Test
    void headingsBecomeAnchors() {
        assertThat(page("## `score` and [VOC](voc.md), 2 of 3\n#### A_b-c").anchors())
                .containsExactlyInAnyOrder("score-and-voc-2-of-3", "a_b-c");
    }

    @Test
    void headingInCodeIsNoAnchor() {
        assertThat(code("# comment").anchors()).isEmpty();
    }

    @Test
    void linkToAMissingFileOrHeadingIsBroken() throws IOException {
        MarkdownPage page = page("""
            # Here
            [file](README.md) [folder](mpi) [heading](README.md#results) [own](#here) [web](https://example.org)
            [file](nowhere.md) ![image](src/docs/nowhere.png) [heading](README.md#nowhere) [own](#nowhere)
            """);
        assertThat(rules.brokenLinks(page))
                .containsExactly("nowhere.md", "src/docs/nowhere.png", "README.md#nowhere", "#nowhere");
    }

    @Test
    void linkIsRelativeToItsPage() throws IOException {
        MarkdownPage page = MarkdownPage.parse(Path.of("src/docs/page.md"), "[up](../../README.md) [down](README.md)");
        assertThat(rules.brokenLinks(page)).containsExactly("README.md");
    }

    @Test
    void unknownCommandIsReported() {
        assertThat(rules.unknownArguments(code("java -jar target/yolo-mpi.jar trian mine.toml")))
                .containsExactly("trian");
        assertThat(rules.unknownArguments(page("`mpi/run.sh 2 bench stpe`"))).containsExactly("stpe");
        assertThat(rules.unknownArguments(page("`yolo-mpi trian`"))).containsExactly("trian");
    }

    @Test
    void optionOfAnotherCommandIsReported() {
        assertThat(rules.unknownArguments(code("mpi/run.sh 2 train mine.toml --resume --crops # alone")))
                .containsExactly("train --crops");
        assertThat(rules.unknownArguments(code("sbatch --nodes=2 slurm/eval.sbatch --data data --resume")))
                .containsExactly("eval --resume");
        assertThat(rules.unknownArguments(page("`weights export --size 416`"))).containsExactly("export --size");
    }

    @Test
    void optionInAJoinedLineIsReported() {
        assertThat(rules.unknownArguments(code("mpi/run.sh 1 pack --format yolo \\\n    --splits a.txt")))
                .containsExactly("pack --splits");
    }

    @Test
    void argumentsOfOtherProgramsAreNotChecked() {
        assertThat(rules.unknownArguments(code("java -jar target/yolo-mpi.jar COMMAND --help && tar --wrong")))
                .isEmpty();
        assertThat(rules.unknownArguments(page("`mpirun --oversubscribe`, `export LC_ALL=C.UTF-8`")))
                .isEmpty();
    }

    @Test
    void optionOfNoCommandAndNoScriptIsReported() {
        assertThat(rules.unknownOptions(page("`--crops`, `--split 60`, `--set train.epochs=1`, `--no-such-option`")))
                .containsExactly("--no-such-option");
    }

    @Test
    void unknownRecipeKeyIsReported() {
        MarkdownPage page = page("""
            `train.epochs = 5`, `train.log`, `seed`, `--set key=value`, `--set train.batch=8`
            `train.epoch`, `--set train.batches=8`
            ```toml
            [data]
            size = 416
            sise = 416
            ```
            ```toml
            samples = 3
            [sweep]
            loss.box = ["iou"]
            loss.bix = ["iou"]
            ```
            """);
        assertThat(rules.unknownKeys(page))
                .containsExactlyInAnyOrder("data.sise", "loss.bix", "train.batches", "train.epoch");
    }

    @Test
    void missingFileIsReported() {
        MarkdownPage page = page("`mpi/run.sh 2 train a.toml`, `mpi/nowhere.sh`, `../mpi/x.sh`, `slurm/env.sh`");
        assertThat(rules.missingFiles(page)).containsExactly("mpi/nowhere.sh");
    }

    @Test
    void unknownClassOrMemberIsReported() throws IOException {
        MarkdownPage page = page("`World`, `World.rank`, `README.md`, `NoSuchClass`, `World.noSuchMember`");
        assertThat(rules.unknownClasses(page)).containsExactly("NoSuchClass", "World.noSuchMember");
    }

    @Test
    void unknownClassInADiagramIsReported() {
        assertThat(rules.unknownCompounds(code("shards ─▶ Batches ─▶ YoloLoss ─▶ NoSuchClass")))
                .containsExactly("NoSuchClass");
    }

    @Test
    void cellsOfAMapArePackages() {
        MarkdownPage page = page("""
            ## Map
            | package | contains |
            | --- | --- |
            | `data` (`.shard .image`) | `train` |
            | `torch`, `io` | threads |

            ## Next
            | `other` | nothing |
            """);
        assertThat(DocsRules.packagesOfMap(page.firstCells("## Map")))
                .containsExactly("data", "data.image", "data.shard", "io", "torch");
    }
}
