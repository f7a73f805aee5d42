package yolompi.report.console;

import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarStyle;

final class ProgressOnTerminal implements TrainingProgress {
    private final Extent extent;
    private final BarLine line;
    private final ProgressBar bar;
    private final TimeLeft timeLeft;

    ProgressOnTerminal(Extent extent, BarLine line) {
        this.extent = extent;
        this.line = line;
        this.timeLeft = new TimeLeft(extent, System::nanoTime);
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
                timeLeft.after(report.step()),
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
}
