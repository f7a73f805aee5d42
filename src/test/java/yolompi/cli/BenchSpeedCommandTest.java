package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import yolompi.data.PackedShapes;

class BenchSpeedCommandTest {
    @Test
    void aRowForEachNetworkSizeAndArithmetic() {
        CommandRun run = CommandRun.of(List.of(
                "bench",
                "speed",
                "--networks",
                PackedShapes.SLIM_TINY,
                "--sizes",
                "64,96",
                "--precisions",
                "fp32,bf16",
                "--batch",
                "2",
                "--steps",
                "2"));
        assertThat(run.status()).as(run.errors()).isZero();
        List<String> lines = run.printed().lines().toList();
        assertThat(lines).hasSize(5);
        assertThat(lines.get(0)).contains("images/s", "TFLOP/s");
        assertThat(lines.subList(1, 5))
                .allMatch(line -> line.matches(".*(64|96) +(fp32|bf16) +2 +[0-9.]+ +[0-9.]+ +[0-9]+ +[0-9.]+"));
    }

    @Test
    void whatIsWrongWithTheLastRowIsToldBeforeTheFirstIsMeasured() {
        CommandRun run = CommandRun.of(
                List.of("bench", "speed", "--networks", PackedShapes.SLIM_TINY, "--sizes", "64,100", "--steps", "2"));
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.errors()).contains("100", "32");
        assertThat(run.printed()).isEmpty();
    }

    @Test
    void aBatchOfNothingIsRefused() {
        CommandRun run = CommandRun.of(List.of("bench", "speed", "--batch", "0"));
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.errors()).contains("--batch 0", "at least 1");
    }
}
