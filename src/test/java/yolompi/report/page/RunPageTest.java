package yolompi.report.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.InputException;
import yolompi.geometry.Box;
import yolompi.report.image.RgbImage;
import yolompi.report.metrics.BoxStatistics;

class RunPageTest {
    private static final List<String> HOSTILE = List.of("cat", "</script><script>alert(1)</script>");

    @TempDir
    private Path folder;

    @Test
    void pageShowsTheRunsNumbersAndCurves() throws IOException {
        RunFolders.make(folder, List.of("cat", "dog"), 0.8);

        String page = Files.readString(RunPage.write(folder));

        assertThat(page)
                .contains("<b>0.4000</b><span>Best mAP@0.5:0.95 (epoch 2)</span>")
                .contains("<b>0.8000</b><span>mAP@0.5 (same epoch)</span>")
                .contains("<b>5.0</b><span>Images/s (all ranks, median)</span>")
                .contains("<b>25.0 %</b><span>Data wait (median)</span>")
                .contains("<b>0</b><span>Skipped steps (of 20)</span>")
                .contains("2 of 2 epochs; running or interrupted")
                .contains("<td>rank 1 on node02</td><td>95.0</td>");
        JsonNode loss = chart(page, "loss");
        assertThat(loss.get("lines").get(1).get("x").get(9).asDouble()).isEqualTo(2);
        assertThat(loss.get("lines").get(1).get("y").get(9).asDouble()).isEqualTo(0);
        assertThat(chart(page, "map").get("lines").get(0).get("y").get(1).asDouble())
                .isEqualTo(0.8);
    }

    @Test
    void titleIsTheNameOfTheRun() throws IOException {
        assertThat(title(folder.resolve("bccd-tiny"))).isEqualTo("bccd-tiny");
        assertThat(title(folder.resolve("quickstart/run"))).isEqualTo("quickstart");
    }

    private static String title(Path runFolder) throws IOException {
        String page = Files.readString(RunPage.write(RunFolders.make(runFolder, List.of("cat"), 0.8)));
        Matcher heading = Pattern.compile("<h1>(.*?)</h1>").matcher(page);
        assertThat(heading.find()).isTrue();
        assertThat(page).contains("<title>" + heading.group(1) + " – yolo-mpi</title>");
        return heading.group(1);
    }

    @Test
    void pageIsRewrittenWhenTheRunHasEnded() throws IOException {
        RunFolders.make(folder, List.of("cat"), 0.8);
        RunPage.write(folder);
        RunFolders.facts(List.of("cat")).ended("done: 2 epochs").write(folder);

        assertThat(Files.readString(RunPage.write(folder)))
                .contains("2 of 2 epochs; done: 2 epochs")
                .doesNotContain("interrupted");
    }

    @Test
    void classNamesAreEscaped() throws IOException {
        RunFolders.make(folder, HOSTILE, 0.8);
        BoxStatistics labels = BoxStatistics.none(HOSTILE);
        labels.count(1, new Box(0.25f, 0.25f, 0.75f, 0.75f));
        labels.write(folder);
        Files.writeString(folder.resolve("recipe.toml"), "train = \"</pre><b>\"");

        String page = Files.readString(RunPage.write(folder));

        assertThat(page)
                .contains("&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;")
                .doesNotContain("<script>alert")
                .doesNotContain("</pre><b>");
    }

    @Test
    void pageIsSelfContained() throws IOException {
        RunFolders.make(folder, List.of("cat"), 0.8);
        RgbImage.write(
                new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB),
                folder.resolve("pictures").resolve("validation-1.jpg"));

        String page = Files.readString(RunPage.write(folder));

        assertThat(page).contains("<img src=\"data:image/jpeg;base64,/9j/").contains("default-src 'none'");
        assertThat(Pattern.compile("(src|href)=\"(?!data:)").matcher(page).find())
                .isFalse();
    }

    @Test
    void folderWithoutARunIsRejected() {
        assertThatThrownBy(() -> RunPage.write(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll(folder.toString(), "run.json");
    }

    private static JsonNode chart(String page, String id) throws IOException {
        Matcher data = Pattern.compile("<script type=\"application/json\" id=\"charts\">(.*?)</script>")
                .matcher(page);
        assertThat(data.find()).isTrue();
        for (JsonNode chart : new ObjectMapper().readTree(data.group(1))) {
            if (chart.get("id").asText().equals(id)) {
                return chart;
            }
        }
        throw new AssertionError("no chart " + id);
    }
}
