package yolompi.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.report.page.ComparePage.Run;

class ComparePageTest {
    @TempDir
    private Path folder;

    @Test
    void bestRunIsFirstAndOnlyDifferingKeysAreShown() throws IOException {
        ComparePage page = new ComparePage(List.of(
                run("slow", 0.4, Map.of("optimizer.learning_rate", "0.01", "seed", "1")),
                run("fast", 0.6, Map.of("optimizer.learning_rate", "0.02", "seed", "1"))));
        page.write(folder.resolve("compare.html"));

        String text = Files.readString(folder.resolve("compare.html"));
        assertThat(page.best()).map(Run::name).contains("fast");
        assertThat(text).contains("<tr><td>fast</td><td>0.3000</td><td>0.6000</td><td>2 of 2</td>");
        assertThat(text.indexOf("<td>fast</td>")).isLessThan(text.indexOf("<td>slow</td>"));
        assertThat(text).contains("<th>optimizer.learning_rate</th>").doesNotContain("<th>seed</th>");
    }

    @Test
    void runWithoutEvaluationIsListedWithoutScores() throws IOException {
        Path started = Files.createDirectories(folder.resolve("started"));
        RunFolders.facts(List.of("cat")).write(started);

        ComparePage page = new ComparePage(List.of(Run.read("started", started, Map.of())));
        page.write(folder.resolve("compare.html"));

        assertThat(page.best()).isEmpty();
        assertThat(Files.readString(folder.resolve("compare.html")))
                .contains("No run has been evaluated yet.")
                .contains("<td>started</td><td>–</td>");
    }

    @Test
    void runLinksToItsPageFromAnyFolder() throws IOException {
        Run run = run("a \"b\" & c", 0.4, Map.of());
        Files.createFile(run.folder().resolve("index.html"));
        Path file = Files.createDirectory(folder.resolve("pages")).resolve("compare.html");
        new ComparePage(List.of(run)).write(file);
        assertThat(Files.readString(file))
                .contains("<td><a href=\"../a%20%22b%22%20%26%20c/index.html\">a &quot;b&quot; &amp; c</a></td>");
    }

    private Run run(String name, double best, Map<String, String> recipe) throws IOException {
        return Run.read(name, RunFolders.make(folder.resolve(name), List.of("cat"), best), recipe);
    }
}
