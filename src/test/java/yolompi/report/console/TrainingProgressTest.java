package yolompi.report.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import yolompi.report.console.ProgressOnTerminal.BarLine;
import yolompi.report.console.TrainingProgress.Extent;

final class TrainingProgressTest {
    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(screen, true, UTF_8);

    @Test
    void plainLineShowsAllValuesOfTheStep() {
        AtomicLong seconds = new AtomicLong();
        try (TrainingProgress progress =
                new ProgressLines(new Extent(60, 1540, 0), 20, out, () -> TimeUnit.SECONDS.toNanos(seconds.get()))) {
            seconds.set(60);
            progress.step(report(3, 120));
        }
        assertThat(screen.toString(UTF_8))
                .isEqualTo("epoch 3/60  step 120/1540  loss 1.234 (box 0.5000, objectness 0.6000, class 0.1340)"
                        + "  lr 0.00980  21.3 images/s  data wait 1.2 %  left 11m50s" + System.lineSeparator());
    }

    @Test
    void plainLinesAreWrittenAtAnIntervalAndAfterTheLastStep() {
        try (TrainingProgress progress = TrainingProgress.lines(new Extent(1, 25, 0), 10, out)) {
            for (long step = 1; step <= 25; step++) {
                progress.step(report(1, step));
            }
            progress.say("mAP@0.5 0.81");
        }
        assertThat(screen.toString(UTF_8).lines().map(line -> line.replaceAll(".*step (\\d+).*", "$1")))
                .containsExactly("10", "20", "25", "mAP@0.5 0.81");
    }

    @Test
    void remainingTimeOfAResumedRunUsesItsOwnSteps() {
        Extent extent = new Extent(2, 200, 100);
        long nanos = TimeUnit.SECONDS.toNanos(10);
        assertThat(extent.timeLeft(100, 0)).isEqualTo("?");
        assertThat(extent.timeLeft(110, nanos)).isEqualTo("1m30s");
        assertThat(extent.timeLeft(200, nanos)).isEqualTo("0s");
    }

    @Test
    void barShowsStepsLossSpeedAndRemainingTime() {
        try (TrainingProgress progress = new ProgressOnTerminal(new Extent(60, 1540, 100), new BarLine(out, 140))) {
            progress.step(report(3, 154));
        }
        String shown = finalLines().get(0);
        assertThat(shown)
                .contains(" 10% [")
                .contains("154/1540")
                .contains("loss 1.234")
                .containsPattern("left \\w+")
                .contains("21.3 images/s")
                .contains("data wait 1.2 %")
                .contains("lr 0.00980")
                .contains("epoch 3/60");
    }

    @Test
    void narrowTerminalStillShowsLossAndRemainingTime() {
        try (TrainingProgress progress = new ProgressOnTerminal(new Extent(60, 1540, 0), new BarLine(out, 79))) {
            progress.step(report(3, 154));
        }
        assertThat(finalLines().get(0)).contains("loss 1.234").contains("left ").hasSizeLessThanOrEqualTo(79);
    }

    @Test
    void messageIsPrintedAboveTheBar() {
        BarLine line = new BarLine(out, 60);
        line.accept("10% [#    ]");
        line.say("mAP@0.5 0.81");
        line.accept("20% [##   ]");
        line.close();
        assertThat(finalLines()).startsWith("mAP@0.5 0.81", "20% [##   ]");
    }

    @Test
    void messagesAreNotMixedWithTheMovingBar() {
        BarLine line = new BarLine(out, 60);
        Thread drawing = new Thread(() -> {
            for (int i = 0; i < 2000; i++) {
                line.accept("step " + i + " of the bar");
            }
        });
        drawing.start();
        for (int i = 0; i < 500; i++) {
            line.say("checkpoint " + i);
        }
        while (drawing.isAlive()) {
            Thread.onSpinWait();
        }
        line.close();
        List<String> shown = finalLines();
        assertThat(shown.subList(0, 500)).allMatch(text -> text.matches("checkpoint \\d+"));
        assertThat(shown.get(500)).isEqualTo("step 1999 of the bar");
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0s",
        "PT8.4S, 8s",
        "PT59.6S, 1m00s",
        "PT9M12S, 9m12s",
        "PT1H5M, 1h05m",
        "PT23H59M59S, 23h59m",
        "P2DT3H59M, 2d03h",
        "PT-3S, 0s"
    })
    void durationsShowTheirTwoLargestUnits(Duration duration, String text) {
        assertThat(Durations.text(duration)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "/dev/pts/3, true",
        "/dev/tty1, true",
        "/dev/null, false",
        "pipe:[123], false",
        "/tmp/log, false",
        "'', false"
    })
    void terminalIsDetectedFromStandardError(String target, boolean terminal) {
        assertThat(Terminal.isTerminal(target)).isEqualTo(terminal);
    }

    /**
     * The final text of each terminal line: after its last carriage return, without escape
     * sequences.
     */
    private List<String> finalLines() {
        return Arrays.stream(screen.toString(UTF_8).split("\n"))
                .map(line -> line.substring(line.lastIndexOf('\r') + 1).replaceAll("\u001b\\[[0-9;]*[A-Za-z]", ""))
                .toList();
    }

    private static StepReport report(int epoch, long step) {
        return new StepReport(epoch, step, 1.234, 0.5, 0.6, 0.134, 0.0098, 21.3, 0.012);
    }
}
