package yolompi.report.console;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarStyle;

final class ProgressOnTerminal implements TrainingProgress {
    private final Extent extent;
    private final BarLine line;
    private final ProgressBar bar;
    private final long begin = System.nanoTime();

    ProgressOnTerminal(Extent extent, BarLine line) {
        this.extent = extent;
        this.line = line;
        this.bar = ProgressBar.builder()
                .setTaskName("")
                .setInitialMax(extent.steps())
                .startsFrom(extent.firstStep(), Duration.ZERO)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(250)
                .hideEta() // it ignores that a resumed run starts in the middle
                .setConsumer(line)
                .build();
    }

    /** The most important values come first, as a narrow terminal cuts off the end. */
    @Override
    public void step(StepReport report) {
        bar.stepTo(report.step());
        bar.setExtraMessage(String.format(
                Locale.ROOT,
                " loss %.4g  left %s  %.1f images/s  data wait %.1f %%  lr %.3g  epoch %d/%d",
                report.loss(),
                extent.timeLeft(report.step(), System.nanoTime() - begin),
                report.imagesPerSecond(),
                100 * report.dataWait(),
                report.learningRate(),
                report.epoch(),
                extent.epochs()));
    }

    @Override
    public void say(String text) {
        line.say(text);
    }

    @Override
    public void close() {
        bar.close();
    }

    /**
     * The last line of a terminal: a progress bar's thread redraws it while other lines scroll
     * above.
     */
    static final class BarLine extends ConsoleProgressBarConsumer {
        private static final String TO_LINE_START = "\r";
        private static final String CLEAR_TO_LINE_END = "\u001b[K";

        private final PrintStream terminal;
        private String drawn = "";

        /** As wide as the terminal. */
        BarLine(PrintStream terminal) {
            super(terminal);
            this.terminal = terminal;
        }

        BarLine(PrintStream terminal, int width) {
            super(terminal, width);
            this.terminal = terminal;
        }

        @Override
        public synchronized void accept(String bar) {
            drawn = bar;
            super.accept(bar);
            terminal.print(CLEAR_TO_LINE_END);
            terminal.flush();
        }

        synchronized void say(String line) {
            terminal.print(TO_LINE_START + CLEAR_TO_LINE_END + line + System.lineSeparator());
            accept(drawn);
        }

        @Override
        public synchronized void close() {
            super.close();
            terminal.flush();
        }
    }
}
