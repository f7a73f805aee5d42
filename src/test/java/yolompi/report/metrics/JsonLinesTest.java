package yolompi.report.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesTest {
    @TempDir
    private Path folder;

    @Test
    void eachRowIsWrittenImmediatelyAsOneJsonLine() throws IOException {
        Path file = folder.resolve("metrics.jsonl");
        Files.writeString(file, "rows of an earlier start");
        MetricsRow first = MetricsRow.ofStep(1, 10).with(Metric.LOSS, 1.5).with(Metric.LEARNING_RATE, 1e-5);
        try (JsonLines lines = JsonLines.begin(file, List.of(first))) {
            lines.write(MetricsRow.ofEpoch(1, 12).with(Metric.LOSS, Double.NaN));

            assertThat(Files.readAllLines(file))
                    .containsExactly(
                            "{\"kind\":\"step\",\"epoch\":1,\"step\":10,\"loss\":1.5,\"learning_rate\":1.0E-5}",
                            "{\"kind\":\"epoch\",\"epoch\":1,\"step\":12,\"loss\":null}");
        }
    }
}
