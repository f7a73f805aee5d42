package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import yolompi.data.PackedShapes;

class BenchSpeedCommandTest {
    @Test
    void tableHasARowPerNetworkSizeAndPrecision() {
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
    void invalidSizeIsRefusedBeforeMeasuring() {
        CommandRun run = CommandRun.of(
                List.of("bench", "speed", "--networks", PackedShapes.SLIM_TINY, "--sizes", "64,100", "--steps", "2"));
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.errors()).contains("100", "32");
        assertThat(run.printed()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "bench speed --batch 0, --batch 0",
        "bench step none.toml --steps 0, --steps 0",
        "bench ddp none.toml --blocks 0, --blocks 0",
        "bench score --out none --classes 0, --classes 0"
    })
    void countsBelowOneAreWrongUsage(String words, String named) {
        CommandRun run = CommandRun.of(List.of(words.split(" ", -1)));
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.errors()).contains(named, "at least 1");
    }
}
