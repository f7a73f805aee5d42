package yolompi.report.console;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;

final class ProgressLines implements TrainingProgress {
    private final Extent extent;
    private final int everySteps;
    private final PrintStream out;
    private final LongSupplier nanoTime;
    private final long begin;

    ProgressLines(Extent extent, int everySteps, PrintStream out) {
        this(extent, everySteps, out, System::nanoTime);
    }

    ProgressLines(Extent extent, int everySteps, PrintStream out, LongSupplier nanoTime) {
        this.extent = extent;
        this.everySteps = everySteps;
        this.out = out;
        this.nanoTime = nanoTime;
        this.begin = nanoTime.getAsLong();
    }

    @Override
    public void step(StepReport report) {
        if (report.step() % everySteps == 0 || report.step() == extent.steps()) {
            say(String.format(
                    Locale.ROOT,
                    "epoch %d/%d  step %d/%d  loss %.4g (box %.4g, objectness %.4g, class %.4g)  lr %.3g"
                            + "  %.1f images/s  data wait %.1f %%  left %s",
                    report.epoch(),
                    extent.epochs(),
                    report.step(),
                    extent.steps(),
                    report.loss(),
                    report.lossBox(),
                    report.lossObject(),
                    report.lossClass(),
                    report.learningRate(),
                    report.imagesPerSecond(),
                    100 * report.dataWait(),
                    extent.timeLeft(report.step(), nanoTime.getAsLong() - begin)));
        }
    }

    @Override
    public void say(String line) {
        out.println(line);
        out.flush();
    }

    @Override
    public void close() {
        out.flush();
    }
}
