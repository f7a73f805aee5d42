package yolompi.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import yolompi.pack.PackProgress;
import yolompi.report.console.Terminal;

/** Shows progress on standard error: a bar on a terminal, otherwise a line every 10 seconds. */
final class ConsoleProgress implements PackProgress, AutoCloseable {
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

    private final boolean terminal;
    private final List<ProgressBar> bars = new ArrayList<>();
    private String phase = "";
    private int total;
    private int done;
    private Instant lastLine = Instant.MIN;

    ConsoleProgress(boolean terminal) {
        this.terminal = terminal;
    }

    static ConsoleProgress here() {
        return new ConsoleProgress(Terminal.showsStandardError());
    }

    @Override
    public void start(String name, int steps) {
        close();
        phase = name;
        total = steps;
        done = 0;
        lastLine = Instant.now();
        if (terminal) {
            bars.add(new ProgressBarBuilder()
                    .setTaskName(name)
                    .setInitialMax(steps)
                    .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                    .setUnit(" images", 1)
                    .showSpeed()
                    .build());
        }
    }

    @Override
    public void step() {
        done++;
        bars.forEach(ProgressBar::step);
        Instant now = Instant.now();
        if (!terminal && (done == total || now.isAfter(lastLine.plus(BETWEEN_LINES)))) {
            System.err.printf("%s: %d of %d%n", phase, done, total);
            lastLine = now;
        }
    }

    @Override
    public void close() {
        bars.forEach(ProgressBar::close);
        bars.clear();
    }
}
