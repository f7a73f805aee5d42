package yolompi.report;

import java.io.PrintStream;

/** What one rank shows of the training: a bar on a terminal, or plain lines for a log. */
public sealed interface TrainingProgress extends AutoCloseable permits ProgressLines, ProgressOnTerminal {
    /**
     * How long the training is.
     *
     * @param epochs in all
     * @param steps in all
     * @param firstStep steps that were finished before this process began
     */
    record Extent(int epochs, long steps, long firstStep) {}

    /** A bar that is redrawn in place, below the lines that are said. */
    static TrainingProgress onTerminal(Extent extent, PrintStream terminal) {
        return new ProgressOnTerminal(extent, new BarLine(terminal));
    }

    /** A line each {@code everySteps} steps and after the last one. */
    static TrainingProgress lines(Extent extent, int everySteps, PrintStream out) {
        return new ProgressLines(extent, everySteps, out);
    }

    /** Shows a step. */
    void step(StepReport report);

    /** Shows a line of its own, such as the result of an evaluation or the name of a checkpoint. */
    void say(String line);

    @Override
    void close();
}
