package yolompi.eval.coco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.assertj.core.api.SoftAssertions;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.eval.metric.CocoMetrics;
import yolompi.eval.metric.CocoScores;
import yolompi.eval.metric.DetectionSet;
import yolompi.eval.metric.RandomCocoCase;

/** Compares COCO's metrics with those of pycocotools on random files. */
@Tag("program")
class PycocotoolsAgreementTest {
    private static final Offset<Double> TOLERANCE = within(1e-9);
    private static final int CASES = 150;

    @TempDir
    private Path folder;

    @Test
    void allTwelveMetricsAndEachClassEqualPycocotools() throws Exception {
        Pycocotools reference = Pycocotools.orSkip();
        for (int seed = 0; seed < CASES; seed++) {
            new RandomCocoCase(seed).write(folder, "case-" + seed);
        }

        JsonNode expected = reference.scores(folder);

        assertThat(expected).hasSize(CASES);
        SoftAssertions softly = new SoftAssertions();
        for (int seed = 0; seed < CASES; seed++) {
            String name = "case-" + seed;
            compare(softly, name, CocoMetrics.measure(read(name)), expected.get(name));
        }
        softly.assertAll();
    }

    private DetectionSet read(String name) throws Exception {
        return CocoFiles.read(folder.resolve(name + "-gt.json"), folder.resolve(name + "-dt.json"))
                .set();
    }

    private static void compare(SoftAssertions softly, String name, CocoScores found, JsonNode expected) {
        for (int i = 0; i < CocoScores.NUMBERS.size(); i++) {
            softly.assertThat(found.numbers()[i])
                    .as("%s of %s", CocoScores.NUMBERS.get(i), name)
                    .isEqualTo(expected.get("coco").get(i).asDouble(), TOLERANCE);
        }
        softly.assertThat(found.classes()).hasSize(expected.get("ap").size());
        for (int i = 0; i < found.classes().size(); i++) {
            softly.assertThat(found.classes().get(i).ap())
                    .as("AP of class %d of %s", i, name)
                    .isEqualTo(expected.get("ap").get(i).asDouble(), TOLERANCE);
        }
    }
}
