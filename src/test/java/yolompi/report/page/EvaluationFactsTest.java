package yolompi.report.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.InputException;
import yolompi.detect.Detection;
import yolompi.eval.DetectionReport;
import yolompi.eval.ReportJson;
import yolompi.eval.metric.DetectionSet;
import yolompi.eval.metric.ImageResult;
import yolompi.geometry.Box;
import yolompi.geometry.LabeledBox;
import yolompi.report.image.Chart;

class EvaluationFactsTest {
    private static final Box LEFT = new Box(0, 0, 20, 20);
    private static final Box RIGHT = new Box(50, 0, 90, 40);

    @TempDir
    private Path folder;

    /** A cat and a dog. The cat is detected, the dog is classified as a cat. */
    private void evaluate() throws IOException {
        ImageResult image = new ImageResult(
                0,
                List.of(new LabeledBox(LEFT, 0, false), new LabeledBox(RIGHT, 1, false)),
                List.of(new Detection(0, 0.9f, LEFT), new Detection(0, 0.8f, RIGHT)));
        DetectionReport report = DetectionReport.of(
                DetectionSet.of(List.of(image), DetectionSet.categories(List.of("cat", "dog"), List.of(1, 2))));
        ReportJson.write(folder.resolve(EvaluationFacts.FILE), report);
    }

    @Test
    void evaluationFilesAreRead() throws IOException {
        evaluate();

        EvaluationFacts facts = EvaluationFacts.read(folder).orElseThrow();

        assertThat(facts.perClass())
                .extracting(EvaluationFacts.ClassFacts::name)
                .containsExactly("cat", "dog");
        assertThat(facts.perClass().get(0).ap50()).isCloseTo(1, within(1e-9));
        assertThat(facts.perClass().get(1).ap50()).isZero();
        assertThat(facts.confusion().labels()).containsExactly("cat", "dog", "background");
        assertThat(facts.errors().missed()).isNotNull();
        assertThat(facts.charts())
                .extracting(Chart::id)
                .containsExactly("precision-recall", "f1", "precision", "recall");
        Chart.Line byRecall = facts.charts().get(0).lines().get(0);
        // One of two boxes is detected, before any false positive.
        assertThat(byRecall.x()).isSorted().hasSize(101).startsWith(0.0, 0.01).endsWith(1.0);
        assertThat(Arrays.copyOf(byRecall.y(), 51)).containsOnly(1.0);
        assertThat(Arrays.copyOfRange(byRecall.y(), 51, 101)).containsOnly(Double.NaN);
    }

    @Test
    void pageShowsTheEvaluation() throws IOException {
        RunFolders.make(folder, List.of("cat", "dog"), 0.8);
        evaluate();

        assertThat(Files.readString(RunPage.write(folder)))
                .contains("<td>cat</td><td>1</td><td>1.000</td><td>1.000</td>")
                .contains("data-chart=\"precision-recall\"")
                .contains("\"id\":\"precision-recall\"")
                .contains("<h3 class=\"next\">Confusion matrix</h3>")
                .contains("<td>classification: right place, wrong class</td>");
    }

    @Test
    void invalidFileIsNamed() throws IOException {
        Files.writeString(folder.resolve(EvaluationFacts.FILE), "{\"perClass\": 5}");

        assertThatThrownBy(() -> EvaluationFacts.read(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("evaluation.json", "is not an evaluation");
    }
}
